// The middle column: head, messages or Home, composer.
import { h, avatar, clear, icon } from "./dom.js";
import { Composer } from "./composer.js";
import { Feed } from "./feed.js";
import { menu } from "./popover.js";
import { errorText, t } from "./words.js";

// On a touch screen a focused text field raises the keyboard over what one came to read.
export const mayFocus = () => !matchMedia("(pointer: coarse)").matches && !document.querySelector("dialog[open]");

export class Conversation {
  #app; #root; #title; #status; #bolt; #toSide; #toTools; #join;

  constructor(app, root, { openSide, openTools }) {
    this.#app = app;
    this.#root = root;
    this.#title = h("div.head-title");
    this.#status = h("span.status", { hidden: true, role: "status", data: { testid: "status" } });
    this.#bolt = h("button.icon-button", { type: "button", "aria-haspopup": "menu", data: { testid: "global-shortcuts" }, onclick: () => this.#shortcuts() }, icon("bolt"));
    this.#toSide = h("button.icon-button.phone.to-side", { type: "button", data: { testid: "open-side" }, onclick: openSide });
    this.#toTools = h("button.icon-button.phone", { type: "button", data: { testid: "open-tools" }, onclick: openTools }, icon("clock"));
    this.scroll = h("div.scroll", { id: "messages", tabindex: "-1" });
    this.#join = h("div.join", { hidden: true });
    const foot = h("div.foot", {}, this.#join);
    root.append(h("header.head", {}, this.#toSide, this.#title, this.#status, this.#bolt, this.#toTools), this.scroll, foot);
    this.feed = new Feed(app, this.scroll, {
      inThread: false, place: () => this.#place(), openThread: (ts) => app.go({ thread: ts }),
      empty: () => (app.here?.kind === "im" ? t("conv.empty.dm", { name: app.channelName(app.here) }) : t("conv.empty")),
    });
    this.composer = new Composer(app, foot, {
      id: "composer", testid: "composer", place: () => (this.#canWrite ? this.#place() : null), arrowUp: () => this.feed.editLast(),
      placeholder: () => t(app.here?.kind === "im" ? "compose.todm" : "compose.to", { name: app.channelName(app.here) }),
    });
    this.#listen();
  }

  get #inChannel() { return !!this.#app.data && this.#app.scene.channel !== "home" && !!this.#app.here; }
  get #canWrite() { return this.#inChannel && (this.#app.here.kind === "im" || this.#app.here.member); }
  #place() { return this.#inChannel ? { as: this.#app.scene.as, channel: this.#app.scene.channel } : null; }

  #listen() {
    const app = this.#app;
    app.hear("state", () => { this.draw(); this.#read(); });
    app.hear("scene", (changed) => {
      this.draw();
      this.#read();
      this.feed.moved();
      if (changed.has("channel") && mayFocus()) this.composer.focus();
    });
    app.hear("message", (e) => { if (!e.channel || e.channel === app.scene.channel) this.feed.refresh(); });
    app.hear("status", (status) => this.#say(status === "live" ? "" : t("status.reconnecting")));
    app.hear("unreachable", () => this.#say(t("status.reconnecting")));
  }

  #say(words) {
    this.#status.hidden = !words;
    this.#status.textContent = words;
  }

  #shortcuts() {
    const app = this.#app;
    const items = this.#globals().map((s) => ({ label: s.name, value: s.callback_id, icon: icon("bolt") }));
    menu(this.#bolt, items, async (item) => {
      try { await app.act("shortcut", { callback_id: item.value }); } catch (fault) { app.toast(errorText(fault)); }
    }, t("conv.shortcuts"));
  }
  #globals() { return (this.#app.data.shortcuts ?? []).filter((s) => s.type === "global"); }

  // What stands before one's eyes is read; the sandbox answers with a new count.
  async #read() {
    if (document.hidden || !this.#inChannel || !this.#app.here.unread) return;
    try { await this.#app.act("read", { channel: this.#app.scene.channel }); } catch { /* a count that stays high harms nobody */ }
  }

  async #joinHere() {
    const app = this.#app;
    try {
      await app.act("join", { channel: app.scene.channel });
      await app.refreshed();
      this.composer.focus();
    } catch (fault) { app.toast(errorText(fault)); }
  }

  draw() {
    const app = this.#app;
    if (!app.data) return;
    const home = app.scene.channel === "home", c = app.here, im = c?.kind === "im";
    const name = home ? t("nav.home") : app.channelName(c);
    const lead = home ? icon("home") : im ? avatar(app.user(c.user), "small") : icon(c?.kind === "private" ? "lock" : "hash");
    const sub = home ? app.me?.name : im ? app.user(c.user)?.title : c?.topic;
    clear(this.#title, lead, h("h1", { data: { testid: "place" } }, name), sub && h("p.topic", { title: sub }, sub));
    clear(this.#toSide, icon("menu"), app.me && avatar(app.me, "small"));
    const label = home ? t("home.label", { name: app.me?.name ?? "" }) : t("conv.label", { name });
    this.#root.setAttribute("aria-label", label);
    this.feed.list.setAttribute("aria-label", label);
    this.feed.list.hidden = home;
    this.#bolt.hidden = !this.#globals().length;
    for (const [button, words] of [[this.#bolt, "conv.shortcuts"], [this.#toSide, "side.open"], [this.#toTools, "tools.open"]]) {
      button.setAttribute("aria-label", t(words));
      button.title = t(words);
    }
    this.#drawJoin(name);
    this.composer.draw();
  }

  #drawJoin(name) {
    this.#join.hidden = !this.#inChannel || this.#canWrite;
    if (this.#join.hidden) return;
    clear(this.#join, h("span", {}, t("conv.notmember", { name })), h("button.button.primary", { type: "button", data: { testid: "join" }, onclick: () => this.#joinHere() }, t("conv.join")));
  }
}
