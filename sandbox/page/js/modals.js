// The stack of modals: the top one shows. An update keeps what was typed; errors stand at their fields.
import { api, coalesce } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { h, clear, icon } from "./dom.js";
import { pending } from "./elements.js";
import { Form } from "./form.js";
import { plainText } from "./mrkdwn.js";
import { closePopover } from "./popover.js";
import { viewSurface } from "./surface.js";
import { errorText, t } from "./words.js";

export class Modals {
  #app; #dialog; #title; #body; #foot; #x; #forms = new Map(); #stack = []; #shown = null; #errors = {}; #before = null;

  constructor(app) {
    this.#app = app;
    this.#title = h("h2", { id: "modal-title" });
    this.#body = h("div.dialog-body", { data: { testid: "modal-body" } });
    this.#foot = h("div.dialog-foot");
    this.#x = h("button.icon-button", { type: "button", data: { testid: "modal-x" }, onclick: () => this.#dismiss() }, icon("close"));
    const form = h("form", { novalidate: true, onsubmit: (e) => { e.preventDefault(); this.#submit(); } },
      h("header.dialog-head", {}, this.#title, this.#x), h("div.dialog-notes"), this.#body, this.#foot);
    this.#dialog = h("dialog.dialog.modal", { "aria-labelledby": "modal-title", data: { testid: "modal" }, oncancel: (e) => { e.preventDefault(); this.#dismiss(); } }, form);
    document.body.append(this.#dialog);
    this.load = coalesce(() => this.#load(), 20);
    app.hear("view", () => this.load());
    app.hear("scene", (changed) => {
      if (changed.has("as")) { this.#stack = []; this.#hide(); this.load(); } else if (this.#dialog.open) this.draw();
    });
  }

  get #top() { return this.#stack.at(-1); }

  async #load() {
    const app = this.#app;
    if (!app.data) return;
    const as = app.scene.as;
    let answer;
    try { answer = await api.views(as); } catch (fault) { app.toast(errorText(fault)); return; }
    if (as !== app.scene.as) return;
    this.#stack = answer.views ?? [];
    for (const id of this.#forms.keys()) if (!this.#stack.some((v) => v.id === id)) this.#forms.delete(id);
    this.draw();
  }

  draw() {
    const view = this.#top;
    if (!view) { this.#hide(); return; }
    const fresh = view.id !== this.#shown;
    if (fresh) { this.#errors = {}; clear(this.#body); closePopover(); }
    if (!this.#forms.has(view.id)) this.#forms.set(view.id, new Form(view.state?.values));
    this.#title.textContent = plainText(view.title);
    this.#x.setAttribute("aria-label", t("modal.close"));
    this.#dialog.dataset.viewId = view.id;
    this.#dialog.dataset.callbackId = view.callback_id ?? "";
    drawBlocks(this.#body, view.blocks, viewSurface(this.#app, this.#forms.get(view.id), () => this.#stack.find((v) => v.id === view.id) ?? view), this.#errors);
    this.#drawFoot(view, fresh);
    if (!this.#dialog.open) { this.#before = document.activeElement; this.#dialog.showModal(); }
    this.#shown = view.id;
    if (fresh) this.#settle();
  }

  #drawFoot(view, fresh) {
    const key = JSON.stringify([view.submit, view.close, document.documentElement.lang]);
    if (this.#foot.dataset.key === key && !fresh) return;
    this.#foot.dataset.key = key;
    clear(this.#foot, h("button.button", { type: "button", data: { testid: "modal-close" }, onclick: () => this.#dismiss() }, plainText(view.close) || t("modal.close")),
      view.submit && h("button.button.primary", { type: "submit", data: { testid: "modal-submit" } }, plainText(view.submit)));
  }

  #settle() {
    this.#body.scrollTop = 0;
    const first = this.#body.querySelector("[autofocus]") ?? this.#body.querySelector(".block-input :is(input, textarea, button)") ?? this.#body.querySelector("button") ?? this.#foot.querySelector(".primary") ?? this.#x;
    first.focus();
  }

  #hide() {
    this.#shown = null;
    this.#errors = {};
    if (!this.#dialog.open) return;
    this.#dialog.close();
    clear(this.#body);
    if (this.#before?.isConnected) this.#before.focus({ preventScroll: true });
  }

  async #dismiss() {
    const view = this.#top;
    if (!view) { this.#hide(); return; }
    this.#stack = this.#stack.slice(0, -1); // closed at once for the eye; the bot is only told
    this.draw();
    try { await this.#app.act("close_view", { view_id: view.id }); } catch (fault) { this.#app.toast(errorText(fault)); }
    this.load();
  }

  async #submit() {
    const view = this.#top;
    const button = this.#foot.querySelector("[type=submit]");
    if (!view || !button) return;
    const form = this.#forms.get(view.id);
    this.#errors = missing(view, form);
    if (Object.keys(this.#errors).length) { this.#showErrors(view); return; }
    await pending(button, async () => {
      try {
        const answer = await this.#app.act("submit", { view_id: view.id, values: form.values(view.blocks ?? []) });
        this.#errors = answer.errors ?? {};
      } catch (fault) {
        this.#errors = fault.cause?.errors ?? {};
        if (!fault.cause?.errors) this.#app.toast(errorText(fault));
      }
      if (Object.keys(this.#errors).length) this.#showErrors(view);
      else this.load();
    });
  }

  #showErrors(view) {
    if (this.#top?.id !== view.id) return;
    this.draw();
    this.#body.querySelector("[aria-invalid]")?.focus();
    this.#body.querySelector(".has-error")?.scrollIntoView({ block: "nearest" });
    this.#app.announce(t("modal.errors", { n: Object.keys(this.#errors).length }));
  }
}

// Slack's client itself asks for what is not optional, before the bot hears of it.
function missing(view, form) {
  const out = {};
  for (const block of view.blocks ?? []) {
    if (block.type !== "input" || block.optional) continue;
    const value = form.get(block.block_id, block.element.action_id);
    const raw = value && Object.entries(value).find(([k]) => k !== "type")?.[1];
    if (raw === null || raw === undefined || raw === "" || (Array.isArray(raw) && !raw.length)) out[block.block_id] = t("input.required");
  }
  return out;
}
