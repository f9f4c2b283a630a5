// Interactive Block Kit elements: each shows its value, keeps it in the surface's form, and tells the bot when it must.
import { h, icon, safeUrl } from "./dom.js";
import { confirm } from "./confirm.js";
import { plainText, textNode } from "./mrkdwn.js";
import { fieldOf, initial, optionsOf, chosenOf } from "./options.js";
import { pick } from "./picker.js";
import { menu } from "./popover.js";
import { fileInput, textInput } from "./inputs.js";
import { unixToWall, wallToUnix } from "./time.js";
import { t } from "./words.js";

// element(el, block, ctx) → node. ctx is the reader's (see App.reader) with {app, form, act(do, fields, node)}.
export function element(el, block, ctx) {
  switch (el.type) {
    case "button": case "workflow_button": return button(el, block, ctx);
    case "overflow": return overflow(el, block, ctx);
    case "datepicker": return dateField(el, block, ctx, "date");
    case "timepicker": return dateField(el, block, ctx, "time");
    case "datetimepicker": return dateField(el, block, ctx, "datetime-local");
    case "checkboxes": return choices(el, block, ctx, "checkbox");
    case "radio_buttons": return choices(el, block, ctx, "radio");
    case "plain_text_input": case "email_text_input": case "url_text_input": case "number_input": case "rich_text_input": return textInput(el, block, ctx, change);
    case "file_input": return fileInput(el, block, ctx);
    case "external_select": case "multi_external_select": return h("div.note", { data: { actionId: el.action_id } }, t("select.external"));
    default:
      if (/_select$/.test(el.type)) return select(el, block, ctx);
      return h("div.note.warn", {}, t("block.unknown", { type: el.type }));
  }
}

const marks = (el) => ({ actionId: el.action_id ?? "", focus: el.action_id ?? "" });

export function current(el, block, ctx) {
  if (!ctx.form.has(block.block_id, el.action_id)) {
    const start = initial(el);
    if (start) ctx.form.set(block.block_id, el.action_id, start);
  }
  return ctx.form.get(block.block_id, el.action_id);
}

// change keeps a new value, and outside of plain input blocks tells the bot at once (after the element's own question).
export async function change(el, block, ctx, value, node) {
  const before = current(el, block, ctx);
  ctx.form.set(block.block_id, el.action_id, value);
  if (block.type === "input" && !block.dispatch_action) return true;
  if (el.confirm && !(await confirm(el.confirm, ctx))) {
    ctx.form.set(block.block_id, el.action_id, before);
    return false;
  }
  return pending(node, () => ctx.act("select", { action_id: el.action_id, block_id: block.block_id, options: chosenOf(value), state: value }));
}

// pending shows that the bot is at work and gives the element back whatever the end.
export async function pending(node, work) {
  if (node.getAttribute("aria-busy") === "true") return false;
  node.setAttribute("aria-busy", "true");
  try { return (await work()) !== false; } finally { node.removeAttribute("aria-busy"); }
}

function button(el, block, ctx) {
  const style = ["primary", "danger"].includes(el.style) ? `.${el.style}` : "";
  const node = h(`button.button${style}`, {
    type: "button", data: { ...marks(el), testid: "block-button", blockId: block.block_id, value: el.value }, "aria-label": el.accessibility_label,
    onclick: async () => {
      if (el.confirm && !(await confirm(el.confirm, ctx))) return;
      const url = el.url && safeUrl(el.url);
      if (url) window.open(url, "_blank", "noopener");
      await pending(node, () => ctx.act("press", { action_id: el.action_id, block_id: block.block_id, value: el.value ?? "" }));
    },
  }, plainText(el.text));
  return node;
}

function overflow(el, block, ctx) {
  const node = h("button.button.overflow", { type: "button", "aria-haspopup": "menu", "aria-label": t("overflow"), data: { ...marks(el), testid: "block-overflow" } }, icon("more"));
  node.addEventListener("click", () => menu(node, (el.options ?? []).map((o) => ({ label: plainText(o.text), description: o.description && plainText(o.description), value: o.value, option: o })), async ({ option }) => {
    const url = option.url && safeUrl(option.url);
    if (url) window.open(url, "_blank", "noopener");
    if (el.confirm && !(await confirm(el.confirm, ctx))) return;
    await pending(node, () => ctx.act("select", { action_id: el.action_id, block_id: block.block_id, options: [option.value], state: { type: "overflow", selected_option: option } }));
  }, t("overflow")));
  return node;
}

// Dates and times use the browser's own fields: they know the keyboard, the screen reader and the phone.
function dateField(el, block, ctx, kind) {
  const field = fieldOf(el.type);
  const zone = el.timezone || ctx.zone;
  const raw = current(el, block, ctx)[field];
  const shown = kind === "datetime-local" ? (raw ? unixToWall(raw, zone) : "") : raw ?? "";
  const label = block.label ? plainText(block.label) : plainText(el.placeholder) || t(kind === "time" ? "input.time" : "input.date");
  const node = h("input.field.date", {
    type: kind, value: shown, "aria-label": label, data: { ...marks(el), testid: "block-date" },
    onchange: async () => {
      const value = kind === "datetime-local" ? wallToUnix(node.value, zone) : node.value || null;
      const kept = await change(el, block, ctx, { type: el.type, [field]: value }, node);
      if (!kept && block.type !== "input") node.value = shown;
    },
  });
  return node;
}

function choices(el, block, ctx, kind) {
  const multi = kind === "checkbox";
  const value = current(el, block, ctx);
  const name = `${block.block_id}-${el.action_id}-${Math.random().toString(36).slice(2, 7)}`;
  const on = new Set(chosenOf(value));
  const box = h("div.choices", { role: multi ? "group" : "radiogroup", "aria-label": block.label ? plainText(block.label) : undefined, data: { ...marks(el), testid: "block-choices" } });
  const send = async () => {
    const chosen = (el.options ?? []).filter((o, i) => box.querySelectorAll("input")[i].checked);
    const state = multi ? { type: el.type, selected_options: chosen } : { type: el.type, selected_option: chosen[0] ?? null };
    await change(el, block, ctx, state, box);
  };
  for (const option of el.options ?? []) {
    const input = h("input", { type: kind, name, value: option.value, data: { option: option.value }, onchange: send });
    input.checked = on.has(option.value);
    box.append(h("label.choice", {}, input, h("span", {}, textNode(option.text, ctx), option.description && h("small", {}, textNode(option.description, ctx)))));
  }
  return box;
}

// select draws a menu of either number: one shows the choice, several show a row of small labels.
function select(el, block, ctx) {
  const multi = el.type.startsWith("multi_");
  const rows = optionsOf(el, ctx);
  const known = new Map(rows.map((r) => [r.value, r]));
  const field = fieldOf(el.type);
  const label = block.label ? plainText(block.label) : plainText(el.placeholder) || t("select.choose");
  const face = h("span.select-face");
  const node = h("button.field.select", { type: "button", "aria-haspopup": "listbox", "aria-expanded": "false", data: { ...marks(el), testid: "block-select" } }, face, icon("down"));
  const asState = (values) => {
    const objects = values.map((v) => (/(static|external)_select$/.test(el.type) ? known.get(v)?.option : v)).filter(Boolean);
    return { type: el.type, [field]: multi ? objects : objects[0] ?? null };
  };
  const draw = () => {
    const chosen = chosenOf(current(el, block, ctx)).map((v) => known.get(v) ?? { value: v, label: v });
    node.setAttribute("aria-label", `${label}${chosen.length ? `: ${chosen.map((c) => c.label).join(", ")}` : ""}`);
    face.replaceChildren(...(chosen.length ? chosen.map((c) => (multi ? h("span.chip", {}, c.label) : h("span.select-one", {}, c.lead?.(), c.label))) : [h("span.placeholder", {}, plainText(el.placeholder) || t("select.choose"))]));
  };
  node.addEventListener("click", () => {
    const chosen = new Set(chosenOf(current(el, block, ctx)));
    let latest = null;
    pick(node, {
      label, options: rows, chosen, multi, max: el.max_selected_items, testid: "select",
      onpick: async (picked) => {
        if (multi) { latest = [...picked]; return; }
        await change(el, block, ctx, asState([picked.value]), node);
        draw();
      },
      onclose: async () => {
        if (!latest) return;
        await change(el, block, ctx, asState(latest), node);
        draw();
      },
    });
  });
  draw();
  return node;
}

