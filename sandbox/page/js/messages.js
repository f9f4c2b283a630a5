// One message as a node: who, when, what, reactions, thread line, tools. The list that holds them is feed.js.
import { h, avatar, icon } from "./dom.js";
import { drawBlocks, files, gist } from "./blocks.js";
import { confirm } from "./confirm.js";
import { emoji, offered } from "./emoji.js";
import { emojiNode, mrkdwn } from "./mrkdwn.js";
import { arrows, menu, popover } from "./popover.js";
import { dayKey, dayText, hm, wall } from "./time.js";
import { decodeTyped } from "./typed.js";
import { lang, replies, t } from "./words.js";

// messageNode(message, view) → article. view: {app, ctx, channel, inThread, compact, editing, openThread, edit(ts), save, form}
export function messageNode(m, view) {
  const { app, ctx } = view;
  const who = app.user(m.user) ?? { id: m.user, name: m.user, is_bot: m.bot };
  const w = wall(Date.parse(m.at), ctx.zone);
  const name = who.name;
  const node = h(`article.msg${view.compact ? ".compact" : ""}${m.ephemeral ? ".ephemeral" : ""}${m.bot ? ".from-bot" : ""}`, {
    tabindex: "-1", data: { ts: m.ts, testid: "message", user: m.user }, "aria-label": `${t("msg.label", { name, time: `${dayText(w)} ${hm(w)}` })}${m.ephemeral ? `, ${t("msg.ephemeral")}` : ""}`,
  });
  const stamp = h("time.msg-time", { datetime: m.at, title: `${dayText(w)} ${hm(w)}` }, hm(w));
  node.append(h("div.msg-gutter", {}, view.compact ? stamp : avatar(who)));
  const body = h("div.msg-body");
  if (m.ephemeral) body.append(h("div.msg-note", {}, icon("eye"), t("msg.ephemeral")));
  if (!view.compact) body.append(h("header.msg-head", {}, h("span.msg-name", {}, name), m.bot && h("span.badge-app", {}, t("app")), stamp));
  body.append(view.editing ? editor(m, view) : content(m, view));
  const attached = files(m.files);
  if (attached.length) body.append(h("div.files", {}, attached));
  if (m.reactions?.length) body.append(reactionRow(m, view));
  if (m.reply_count && !view.inThread) body.append(threadLine(m, view));
  node.append(body);
  const bar = !view.editing && m.subtype !== "tombstone" && tools(m, view);
  if (bar && bar.childElementCount) node.append(bar);
  return node;
}

function content(m, view) {
  const edited = m.edited && h("span.edited", {}, ` (${t("msg.edited")})`);
  if (!m.blocks?.length) return h("div.msg-text.text", {}, mrkdwn(m.text, view.ctx), edited);
  const box = h(`div.card${m.bot ? "" : ".bare"}`, { data: { testid: "card" } });
  drawBlocks(box, m.blocks, view.surface(m));
  return box;
}

// An own message is edited where it stands; Enter saves, Esc leaves it as it was. The draft outlives a redraw.
function editor(m, view) {
  const area = h("textarea.field", { rows: "2", "aria-label": t("msg.editlabel"), data: { testid: "edit-text", focus: "edit" }, value: view.draft() ?? decodeTyped(m.text, view.app) });
  area.addEventListener("input", () => view.keep(area.value));
  area.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    if (e.key === "Escape") { e.preventDefault(); e.stopPropagation(); view.edit(null); }
    if (e.key === "Enter" && !e.shiftKey) { e.preventDefault(); view.save(m, area.value); }
  });
  return h("div.msg-editor", {}, area, h("div.msg-editor-foot", {},
    h("button.button.small", { type: "button", onclick: () => view.edit(null) }, t("msg.cancel")),
    h("button.button.small.primary", { type: "button", data: { testid: "edit-save" }, onclick: () => view.save(m, area.value) }, t("msg.save"))));
}

// Skin tones of one gesture stand apart in Slack's data; each stays its own here too.
function reactionRow(m, view) {
  const { app } = view;
  return h("div.reactions", {}, m.reactions.map((r) => {
    const mine = r.users.includes(app.scene.as);
    const who = r.users.slice(0, 12).map((id) => app.user(id)?.name ?? id).join(lang() === "zh" ? "、" : ", ");
    const char = emoji(r.name);
    const words = t("msg.reaction", { name: r.name.split("::")[0].replaceAll("_", " "), n: r.users.length, who });
    return h(`button.reaction${mine ? ".mine" : ""}`, {
      type: "button", "aria-pressed": String(mine), "aria-label": words, title: who, data: { emoji: r.name, focus: `r-${r.name}`, testid: "reaction" },
      onclick: () => view.react(m, r.name, !mine),
    }, char ? h("span.emoji", { "aria-hidden": "true" }, char) : `:${r.name}:`, h("span.count", {}, r.users.length));
  }));
}

function threadLine(m, view) {
  return h("button.thread-line", { type: "button", data: { testid: "thread-open", focus: "thread" }, onclick: () => view.openThread(m) }, icon("reply"), replies(m.reply_count));
}

function tools(m, view) {
  const { app } = view;
  const own = m.user === app.scene.as && !m.bot && !m.ephemeral;
  const button = (name, label, onclick, testid) => h("button.icon-button", { type: "button", "aria-label": label, title: label, data: { testid, focus: testid }, onclick }, icon(name));
  const items = [];
  if (own) items.push({ label: t("msg.edit"), icon: icon("edit"), value: "edit", run: () => view.edit(m.ts) });
  for (const s of app.data.shortcuts ?? []) {
    if (s.type === "message" && !m.ephemeral) items.push({ label: s.name, icon: icon("bolt"), value: s.callback_id, run: () => view.shortcut(m, s.callback_id) });
  }
  if (own) items.push({ label: t("msg.delete"), icon: icon("trash"), danger: true, value: "delete", run: () => removeMessage(m, view) });
  const box = h("div.msg-tools", { role: "group", "aria-label": t("msg.tools") });
  if (!m.ephemeral) {
    const react = button("smile", t("msg.react"), () => emojiPicker(react, (name) => view.react(m, name, true)), "react");
    react.setAttribute("aria-haspopup", "dialog");
    box.append(react);
    if (!view.inThread) box.append(button("reply", t("msg.reply"), () => view.openThread(m), "reply"));
  }
  if (items.length) {
    const more = button("more", t("msg.more"), () => menu(more, items, (item) => item.run(), t("msg.more")), "more");
    more.setAttribute("aria-haspopup", "menu");
    box.append(more);
  }
  return box;
}

async function removeMessage(m, view) {
  const yes = await confirm({ title: t("msg.delete.title"), text: { type: "plain_text", text: t("msg.delete.text") }, confirm: t("msg.delete"), deny: t("msg.cancel"), style: "danger" }, view.ctx);
  if (yes) view.remove(m);
}

// A small grid: arrow keys move, Enter takes.
export function emojiPicker(anchor, take) {
  const pop = popover(anchor, { cls: "emoji-grid", label: t("emoji.pick"), align: "end" });
  const buttons = offered.map((name) => h("button", {
    type: "button", title: `:${name}:`, "aria-label": name.replaceAll("_", " "), data: { emoji: name, testid: "emoji" },
    onclick: () => { pop.close(); take(name); },
  }, emojiNode(name, emoji(name))));
  pop.box.append(...buttons);
  arrows(pop.box, () => buttons, 6);
  pop.place();
  buttons[0].focus();
}

export function dayNode(m, ctx) {
  return h("div.day", { role: "separator" }, h("span", {}, dayText(wall(Date.parse(m.at), ctx.zone))));
}

export const dayOf = (m, ctx) => dayKey(wall(Date.parse(m.at), ctx.zone));

// heard tells a listener of the live region about a new message
export const heard = (m, app) => t("conv.heard", { name: app.user(m.user)?.name ?? m.user, text: gist(m, app.reader) });

