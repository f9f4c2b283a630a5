// "Try this": four things that show what Muster does, each filled in by one press and ticked off by the sandbox.
import { api } from "./api.js";
import { passHours } from "./clock.js";
import { h, icon } from "./dom.js";
import { pending } from "./elements.js";
import { reconcile } from "./reconcile.js";
import { errorText, lang, t } from "./words.js";

export class Tour {
  #app; #root; #parts; #title; #count; #list; #done; #joined = new Set();

  // parts: {channel: Conversation, thread: Thread, closeDrawers()}
  constructor(app, root, parts) {
    this.#app = app;
    this.#root = root;
    this.#parts = parts;
    this.#title = h("h2");
    this.#count = h("span.tour-count", { data: { testid: "tour-count" } });
    this.#list = h("ol.tour-list");
    this.#done = h("p.tour-all", { hidden: true });
    root.append(h("div.tour-head", {}, this.#title, this.#count), this.#list, this.#done);
    app.hear("state", () => this.draw());
    app.hear("scene", () => this.draw());
  }

  #acts = {
    post_call: () => this.#fill(t("example.post_call")),
    summary: () => this.#fill(t("example.summary")),
    three_join: () => this.#nextPerson(),
    day_passes: () => this.#passDay(),
  };

  // The example is posted by whom the sandbox names first: an organizer of the sample organisation.
  async #fill(text) {
    const app = this.#app;
    const patch = {};
    if (app.scene.as !== app.opener) patch.as = app.opener;
    if (app.scene.channel === "home" || app.here?.kind !== "channel" || !app.here.member) patch.channel = this.#callChannel();
    if (app.scene.thread) patch.thread = "";
    if (Object.keys(patch).length) await app.go(patch);
    this.#parts.closeDrawers();
    this.#parts.channel.composer.fill(text);
    app.announce(t("tour.filled"));
  }
  #callChannel() { return (this.#app.data.channels.find((c) => c.kind === "channel" && c.member) ?? this.#app.data.channels[0])?.id; }

  async #passDay() {
    try { await passHours(this.#app, 24); } catch (fault) { this.#app.toast(errorText(fault)); }
    this.#app.refreshState();
  }

  // The next person who has not joined stands in the newest card's thread with a reply ready to be sent.
  async #nextPerson() {
    const app = this.#app;
    const card = await this.#newestCard();
    if (!card) { app.toast(t("tour.three_join.none"), "plain"); return; }
    const busy = new Set([app.opener, app.scene.as, ...this.#joined, ...card.users]);
    const people = app.data.users.filter((u) => !u.is_bot);
    const next = people.find((u) => !busy.has(u.id) && !card.words.includes(u.name)) ?? people.find((u) => u.id !== app.scene.as);
    this.#joined.add(next.id);
    await app.go({ as: next.id, channel: card.channel, thread: card.ts });
    this.#parts.closeDrawers();
    this.#parts.thread.composer.fill(card.role ? `+1 ${card.role}` : "+1");
    app.announce(t("as.now", { name: next.name }));
  }

  // Here first, else in the channel where examples are posted.
  async #newestCard() {
    const app = this.#app, home = this.#callChannel();
    const here = this.#cardIn(app.scene.channel, this.#parts.channel.feed.messages);
    if (here || home === app.scene.channel || !home) return here;
    try { return this.#cardIn(home, (await api.messages(app.scene.as, home)).messages); } catch { return null; }
  }
  #cardIn(channel, messages) {
    for (const m of [...messages].reverse()) {
      const button = joinButton(m);
      if (button) return { channel, ts: m.ts, role: /^call_join:([^:]+)/.exec(button.action_id)?.[1], users: (m.reactions ?? []).flatMap((r) => r.users), words: JSON.stringify(m.blocks) };
    }
    return null;
  }

  draw() {
    const app = this.#app;
    if (!app.data) return;
    this.#root.setAttribute("aria-label", t("tour.title"));
    this.#title.textContent = t("tour.title");
    const items = (app.data.tour ?? []).filter((i) => this.#acts[i.key]);
    this.#count.textContent = t("tour.left", { done: items.filter((i) => i.done).length, all: items.length });
    this.#done.hidden = !items.length || items.some((i) => !i.done);
    this.#done.textContent = t("tour.all");
    const name = (app.user(app.opener) ?? app.me)?.name ?? "";
    reconcile(this.#list, items, {
      key: (i) => i.key, sig: (i) => JSON.stringify([i, lang(), name]), build: (i) => this.#row(i, name),
      changed: (node, i) => { if (i.done) node.classList.add("just-done"); },
    });
  }

  #row(item, name) {
    const button = h("button.button.small", { type: "button", data: { testid: "tour-fill", focus: item.key }, onclick: (e) => pending(e.currentTarget, () => this.#acts[item.key]()) }, t(`tour.${item.key}.do`));
    const mark = h("span.tour-mark", item.done ? { role: "img", "aria-label": t("tour.done") } : { "aria-hidden": "true" }, icon("check"));
    return h(`li.tour-item${item.done ? ".done" : ""}`, { data: { testid: "tour-item", tour: item.key, done: String(item.done) } },
      mark, h("div", {}, h("strong", {}, t(`tour.${item.key}`)), h("p", {}, t(`tour.${item.key}.how`, { name })), button));
  }
}

// Only buttons of the bot's own cards in the channel count, not those of a private answer.
function joinButton(m) {
  if (!m.bot || m.ephemeral) return undefined;
  const elements = (m.blocks ?? []).flatMap((b) => b.elements ?? (b.accessory ? [b.accessory] : []));
  return elements.find((e) => /^call_join(:|$)/.test(e.action_id ?? ""));
}
