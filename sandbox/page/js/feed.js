// The list of messages of a channel or a thread: fetched anew when something happened there, redrawn in place.
import { api, coalesce } from "./api.js";
import { h, clear } from "./dom.js";
import { Form } from "./form.js";
import { encodeTyped } from "./typed.js";
import { dayNode, dayOf, heard, messageNode } from "./messages.js";
import { reconcile } from "./reconcile.js";
import { errorText, lang, t } from "./words.js";

const together = 5 * 60 * 1000; // ms: messages of one person this close stand under one name

const nameOf = (at) => (at ? `${at.as} ${at.channel} ${at.thread ?? ""}` : "");

export class Feed {
  #app; #box; #list; #jump; #inThread; #place = ""; #spot = ""; #shown = new Map(); #forms = new Map(); #editing = null; #draft = null; #first = true;

  // place() → {as, channel, thread} or null when there is nothing to show
  constructor(app, box, { inThread, place, openThread, empty, loaded }) {
    Object.assign(this, { place, openThread, empty, loaded });
    this.#app = app;
    this.#inThread = inThread;
    this.#list = h("div.msg-list", { role: "log", "aria-live": "off", tabindex: "-1", data: { testid: inThread ? "thread-messages" : "messages" } });
    this.#jump = h("button.jump", { type: "button", hidden: true, data: { testid: "jump" }, onclick: () => this.toEnd() }, t("conv.new"));
    this.#box = box;
    box.append(this.#list, this.#jump);
    box.addEventListener("scroll", () => { if (this.#atEnd()) this.#jump.hidden = true; }, { passive: true });
    this.#list.addEventListener("keydown", (e) => this.#keys(e));
    this.#list.addEventListener("click", (e) => this.#links(e));
    this.refresh = coalesce(() => this.#load(), 30);
    this.messages = [];
  }

  get list() { return this.#list; }

  // moved is called when person, place or language changed. Another place starts empty; for another person in the same
  // place what stays is kept standing until their own list is there, so that nothing blinks.
  moved() {
    const at = this.place();
    const name = nameOf(at);
    if (name !== this.#place) {
      const spot = at ? `${at.channel} ${at.thread ?? ""}` : "";
      if (spot !== this.#spot) clear(this.#list);
      this.#spot = spot;
      this.#place = name;
      this.#shown.clear();
      this.#editing = null;
      this.messages = [];
      this.#first = true;
      this.#jump.hidden = true;
      this.#jump.textContent = t("conv.new");
    }
    if (at) this.refresh();
  }

  async #load() {
    const at = this.place();
    const name = this.#place;
    if (!at || nameOf(at) !== name) return; // on the way to another person or place: moved() asks once it is settled
    let answer;
    try { answer = await api.messages(at.as, at.channel, at.thread); } catch (fault) {
      if (this.#first) this.#app.toast(errorText(fault));
      return;
    }
    if (name !== this.#place) return;
    this.messages = answer.messages ?? [];
    this.draw();
    this.#list.dataset.shown = name; // whose messages of which place stand here now
    this.loaded?.(this.messages);
  }

  draw() {
    if (!this.#app.data) return;
    const stick = this.#first || this.#atEnd();
    const view = this.#view();
    if (!this.messages.length && this.empty && !this.#first) clear(this.#list, h("p.empty", {}, this.empty()));
    else this.#list.querySelector(":scope > .empty")?.remove();
    reconcile(this.#list, this.#items(view.ctx), {
      key: (item) => item.key,
      sig: (item) => item.sig,
      build: (item) => (item.day ? dayNode(item.m, view.ctx) : messageNode(item.m, { ...view, compact: item.compact, editing: item.editing })),
      changed: (node, item) => { if (item.m && this.#shown.has(item.m.ts) && this.#shown.get(item.m.ts) !== item.face && !item.editing) node.classList.add("flash"); },
    });
    const fresh = this.messages.filter((m) => !this.#shown.has(m.ts));
    if (!this.#first) this.#tell(fresh, stick);
    this.#shown = new Map(this.messages.map((m) => [m.ts, face(m)]));
    this.#rove();
    if (!this.messages.length && this.empty && this.#first) this.#list.append(h("p.empty", {}, this.empty()));
    this.#first = false;
    if (this.#point()) return;
    if (stick || fresh.some((m) => m.user === this.#app.scene.as && !m.bot)) this.toEnd();
  }

  #items(ctx) {
    const items = [];
    let last = null;
    for (const m of this.messages) {
      const day = dayOf(m, ctx);
      if (!last || dayOf(last, ctx) !== day) { items.push({ day, m, key: `day-${day}-${items.length ? "" : "first"}`, sig: `${day} ${lang()}` }); last = null; }
      const compact = !!last && last.user === m.user && !!last.ephemeral === !!m.ephemeral && !m.blocks?.length && !last.blocks?.length && Date.parse(m.at) - Date.parse(last.at) < together;
      const editing = this.#editing === m.ts;
      items.push({ m, key: m.ts, compact, editing, face: face(m), sig: JSON.stringify([m, compact, editing, lang(), ctx.zone, ctx.me]) });
      last = m;
    }
    return items;
  }

  #view() {
    const app = this.#app, ctx = app.reader, at = this.place();
    const act = async (what, fields) => {
      try { await app.act(what, { channel: at.channel, ...fields }); return true; } catch (fault) { app.toast(errorText(fault)); return false; }
    };
    return {
      app, ctx, inThread: this.#inThread,
      surface: (m) => this.#surface(m, ctx, act),
      react: (m, name, on) => act(on ? "react" : "unreact", { ts: m.ts, emoji: name }),
      shortcut: (m, id) => act("message_shortcut", { ts: m.ts, callback_id: id }),
      remove: (m) => act("delete", { ts: m.ts }),
      openThread: (m) => this.openThread(m.thread_ts || m.ts),
      edit: (ts) => this.#edit(ts),
      draft: () => this.#draft,
      keep: (text) => { this.#draft = text; },
      save: async (m, text) => {
        if (!text.trim()) return;
        if (await act("edit", { ts: m.ts, text: encodeTyped(text.trim()) })) this.#edit(null);
      },
    };
  }

  // Each message is a surface of its own: what was chosen in it goes along with a press.
  #surface(m, ctx, act) {
    const key = `${this.#place} ${m.ts}`;
    if (!this.#forms.has(key)) this.#forms.set(key, new Form());
    const form = this.#forms.get(key);
    return { ...ctx, app: this.#app, form, act: (what, fields) => act(what, { ts: m.ts, thread: m.thread_ts || undefined, values: form.values(m.blocks), ...fields }) };
  }

  #edit(ts) {
    const was = this.#editing;
    this.#editing = ts;
    this.#draft = null;
    this.draw();
    if (ts) {
      const area = this.#list.querySelector(`[data-ts="${CSS.escape(ts)}"] textarea`);
      area?.focus();
      area?.setSelectionRange(area.value.length, area.value.length);
    } else if (was) this.#list.querySelector(`[data-ts="${CSS.escape(was)}"]`)?.focus();
  }

  // editLast opens the acting person's latest message, as arrow up in an empty composer does in Slack
  editLast() {
    const own = this.messages.findLast((m) => m.user === this.#app.scene.as && !m.bot && !m.ephemeral);
    if (own) this.#edit(own.ts);
    return !!own;
  }

  #tell(fresh, stuck) {
    const others = fresh.filter((m) => m.user !== this.#app.scene.as || m.bot);
    if (!others.length) return;
    this.#app.announce(others.map((m) => heard(m, this.#app)).slice(-3).join("\n"));
    if (!stuck) this.#jump.hidden = false;
  }

  // A link to one message brings it into sight, once.
  #point() {
    const ts = this.#app.pointer;
    const node = ts && this.#list.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (!node) return false;
    this.#app.pointer = "";
    node.scrollIntoView({ block: "center" });
    node.classList.add("flash");
    node.focus({ preventScroll: true });
    return true;
  }

  #atEnd() { return this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight < 90; }
  toEnd() {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#jump.hidden = true;
  }

  // One message at a time is in the tab order; arrows move among them.
  #rove() {
    const rows = [...this.#list.querySelectorAll(":scope > .msg")];
    if (!rows.some((r) => r.tabIndex === 0)) rows.at(-1)?.setAttribute("tabindex", "0");
  }
  #keys(e) {
    if (e.target.closest("input, textarea, [role=radiogroup]")) return;
    const row = e.target.closest(".msg");
    if (!row || !["ArrowUp", "ArrowDown", "Home", "End"].includes(e.key)) return;
    const rows = [...this.#list.querySelectorAll(":scope > .msg")];
    const now = rows.indexOf(row);
    const to = { ArrowUp: now - 1, ArrowDown: now + 1, Home: 0, End: rows.length - 1 }[e.key];
    if (!rows[to]) return;
    e.preventDefault();
    rows.forEach((r) => r.setAttribute("tabindex", "-1"));
    rows[to].setAttribute("tabindex", "0");
    rows[to].focus();
    rows[to].scrollIntoView({ block: "nearest" });
  }

  #links(e) {
    const to = e.target.closest("[data-channel-link]");
    if (!to) return;
    e.preventDefault();
    if (this.#app.channel(to.dataset.channelLink)) this.#app.go({ channel: to.dataset.channelLink });
  }
}

// face is what an edit changes, as against reactions and reply counts: only that flashes
const face = (m) => JSON.stringify([m.text, m.blocks]);
