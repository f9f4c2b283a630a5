// Language of the page (and of the sample organisation), light or dark.
import { api } from "./api.js";
import { h, clear, icon } from "./dom.js";
import { errorText, lang, languages, t } from "./words.js";

export class Preferences {
  #app; #langs; #light; #system = matchMedia("(prefers-color-scheme: dark)");

  constructor(app, root) {
    this.#app = app;
    this.#langs = h("div.segmented", { role: "group", data: { testid: "lang" } }, languages.map(([code, name]) => h("button", {
      type: "button", lang: code, data: { lang: code, testid: `lang-${code}` }, onclick: () => this.#speak(code),
    }, name)));
    this.#light = h("button.icon-button", { type: "button", data: { testid: "theme" }, onclick: () => app.go({ theme: this.#dark ? "light" : "dark" }, { replace: true }) });
    root.append(this.#langs, this.#light);
    this.#system.addEventListener("change", () => this.draw());
    app.hear("scene", () => this.draw());
    this.draw();
  }

  get #dark() { return this.#app.scene.theme ? this.#app.scene.theme === "dark" : this.#system.matches; }

  async #speak(code) {
    this.#app.go({ lang: code }, { replace: true });
    try { await api.lang(code); } catch (fault) { this.#app.toast(errorText(fault)); }
  }

  draw() {
    document.documentElement.dataset.theme = this.#app.scene.theme || "";
    for (const b of this.#langs.children) b.setAttribute("aria-pressed", String(b.dataset.lang === lang()));
    this.#langs.setAttribute("aria-label", t("lang.label"));
    const words = t(this.#dark ? "theme.light" : "theme.dark");
    clear(this.#light, icon(this.#dark ? "sun" : "moon"));
    this.#light.setAttribute("aria-label", words);
    this.#light.title = words;
  }
}
