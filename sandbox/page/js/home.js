// The Home tab: a view that is published to each person, redrawn in place.
import { api, coalesce } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { h, clear } from "./dom.js";
import { Form } from "./form.js";
import { viewSurface } from "./surface.js";
import { errorText, t } from "./words.js";

export class Home {
  #app; #box; #forms = new Map(); #view = null; #shownFor = "";

  constructor(app, scroll) {
    this.#app = app;
    this.#box = h("div.home", { hidden: true, data: { testid: "home" } });
    scroll.append(this.#box);
    this.load = coalesce(() => this.#load(), 30);
    app.hear("scene", () => this.#enter());
    app.hear("home", () => this.load());
  }

  get #here() { return this.#app.data && this.#app.scene.channel === "home"; }

  // Opening the tab is an event for the bot, once for each look at it.
  async #enter() {
    const app = this.#app;
    this.#box.hidden = !this.#here;
    if (!this.#here) { this.#shownFor = ""; return; }
    if (this.#shownFor === app.scene.as) { this.draw(); return; }
    this.#shownFor = app.scene.as;
    this.#view = null;
    clear(this.#box);
    this.load(); // what was published before shows while the bot makes a new one
    try { await app.act("home"); } catch (fault) { app.toast(errorText(fault)); }
    this.load();
  }

  async #load() {
    if (!this.#here) return;
    const as = this.#app.scene.as;
    let answer;
    try { answer = await api.home(as); } catch (fault) { this.#app.toast(errorText(fault)); return; }
    if (as !== this.#app.scene.as) return;
    this.#view = answer.view;
    this.draw();
  }

  draw() {
    const as = this.#app.scene.as, view = this.#view;
    if (!this.#here) return;
    if (!view?.blocks?.length) { clear(this.#box, h("p.empty", {}, t("home.empty"))); return; }
    this.#box.querySelector(":scope > .empty")?.remove();
    if (!this.#forms.has(as)) this.#forms.set(as, new Form(view.state?.values));
    drawBlocks(this.#box, view.blocks, viewSurface(this.#app, this.#forms.get(as), () => this.#view));
  }
}
