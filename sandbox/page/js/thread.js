// The thread pane: one message and its replies, with a composer of its own.
import { h, icon } from "./dom.js";
import { Composer } from "./composer.js";
import { mayFocus } from "./conversation.js";
import { Feed } from "./feed.js";
import { replies, t } from "./words.js";

export class Thread {
  #app; #root; #title; #sub; #close;

  constructor(app, root) {
    this.#app = app;
    this.#root = root;
    root.dataset.testid = "thread";
    this.#title = h("h2");
    this.#sub = h("small");
    this.#close = h("button.icon-button", { type: "button", data: { testid: "thread-close" }, onclick: () => this.#leave() }, icon("close"));
    const scroll = h("div.scroll", { tabindex: "-1" });
    const foot = h("div.foot");
    root.append(h("header.head.small", {}, h("div.head-title", {}, this.#title, this.#sub), this.#close), scroll, foot);
    const place = () => (this.#open ? { as: app.scene.as, channel: app.scene.channel, thread: app.scene.thread } : null);
    this.feed = new Feed(app, scroll, { inThread: true, place, openThread: () => {}, loaded: (messages) => this.#count(messages) });
    this.composer = new Composer(app, foot, { id: "thread-composer", testid: "thread-composer", place, placeholder: () => t("compose.reply"), arrowUp: () => this.feed.editLast() });
    root.addEventListener("keydown", (e) => { if (e.key === "Escape" && !e.defaultPrevented) this.#leave(); });
    app.hear("state", () => this.draw());
    app.hear("scene", (changed) => {
      this.draw();
      this.feed.moved();
      if (changed.has("thread") && app.scene.thread && mayFocus()) this.composer.focus();
    });
    app.hear("message", (e) => { if (this.#open && (!e.channel || e.channel === app.scene.channel)) this.feed.refresh(); });
  }

  get #open() { return !!this.#app.data && !!this.#app.scene.thread && this.#app.scene.channel !== "home" && !!this.#app.here; }

  #count(messages) {
    const n = messages.filter((m) => m.ts !== this.#app.scene.thread && !m.ephemeral).length;
    this.#sub.textContent = `${this.#app.here?.kind === "im" ? "" : "#"}${this.#app.channelName(this.#app.here)} · ${replies(n)}`;
  }

  // The focus goes back to the message whose thread it was.
  #leave() {
    const ts = this.#app.scene.thread;
    this.#app.go({ thread: "" });
    document.querySelector(`#messages [data-ts="${CSS.escape(ts)}"]`)?.focus();
  }

  draw() {
    this.#root.hidden = !this.#open;
    document.body.classList.toggle("has-thread", this.#open);
    this.#title.textContent = t("thread.title");
    this.#root.setAttribute("aria-label", t("thread.title"));
    this.#close.setAttribute("aria-label", t("thread.close"));
    this.#close.title = t("thread.close");
    this.feed.list.setAttribute("aria-label", t("thread.title"));
    this.composer.draw();
  }
}
