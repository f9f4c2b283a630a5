// The message box: Enter sends, Shift+Enter breaks the line, / @ # offer what can follow. Drafts wait for you where you left them.
import { api } from "./api.js";
import { h, avatar, icon, clear } from "./dom.js";
import { encodeTyped } from "./typed.js";
import { errorText, lang, t } from "./words.js";

const hints = {
  zh: [["", "cmd.root"], ["招募 ", "cmd.call"], ["招募列表", "cmd.calls"], ["我的", "cmd.me"], ["学习 ", "cmd.study"], ["提醒 ", "cmd.remind"], ["资料", "cmd.profile"], ["汇总 week", "cmd.summary"], ["帮助", "cmd.help"]],
  en: [["", "cmd.root"], ["call ", "cmd.call"], ["calls", "cmd.calls"], ["me", "cmd.me"], ["study ", "cmd.study"], ["remind ", "cmd.remind"], ["profile", "cmd.profile"], ["summary week", "cmd.summary"], ["help", "cmd.help"]],
};

export class Composer {
  #app; #area; #send; #attach; #pick; #files = []; #held; #list; #hint; #place; #drafts = new Map(); #at = ""; #offers = []; #active = -1; #onArrowUp;

  // place() → {as, channel, thread} or null; placeholder() → words; arrowUp() → true when it took the key
  constructor(app, box, { id, place, placeholder, arrowUp, testid }) {
    this.#app = app;
    this.#place = place;
    this.#onArrowUp = arrowUp;
    this.placeholder = placeholder;
    const listId = `${id}-offers`;
    this.#area = h("textarea.composer-text", {
      id, rows: "1", data: { testid }, "aria-autocomplete": "list", "aria-controls": listId, autocomplete: "off", spellcheck: "false", enterkeyhint: "send",
      oninput: () => this.#typed(), onkeydown: (e) => this.#key(e), onblur: () => setTimeout(() => this.#offer([]), 120),
    });
    this.#send = h("button.send", { type: "button", data: { testid: `${testid}-send` }, onclick: () => this.submit() }, icon("send"));
    this.#pick = h("input", { type: "file", multiple: true, hidden: true, data: { testid: `${testid}-file` }, onchange: () => this.#chosen() });
    this.#attach = h("button.icon-button.attach", { type: "button", data: { testid: `${testid}-attach` }, onclick: () => this.#pick.click() }, icon("plus"));
    this.#held = h("ul.file-list", { hidden: true });
    this.#list = h("ul.offers", { id: listId, role: "listbox", hidden: true });
    this.#hint = h("div.composer-hint", { "aria-hidden": "true" });
    this.root = h("div.composer", {}, this.#list, this.#held, h("div.composer-box", {}, this.#attach, this.#pick, this.#area, this.#send), this.#hint);
    box.append(this.root);
  }

  draw() {
    const at = this.#place();
    this.root.hidden = !at;
    if (!at) return;
    const name = `${at.as} ${at.channel} ${at.thread ?? ""}`;
    if (name !== this.#at) {
      if (this.#at) this.#drafts.set(this.#at, this.#area.value);
      this.#at = name;
      this.#hold([]);
      this.#area.value = this.#drafts.get(name) ?? "";
      this.#offer([]);
    }
    this.#area.placeholder = this.placeholder();
    this.#area.setAttribute("aria-label", t("compose.label"));
    this.#send.setAttribute("aria-label", t("compose.send"));
    this.#send.title = t("compose.send");
    this.#attach.setAttribute("aria-label", t("compose.attach"));
    this.#attach.title = t("compose.attach");
    this.#list.setAttribute("aria-label", t("compose.suggest"));
    this.#hint.textContent = t("compose.hint");
    this.#fit();
  }

  fill(text) {
    this.draw();
    this.#area.value = text;
    this.#fit();
    this.#area.focus();
    this.#area.setSelectionRange(text.length, text.length);
    this.root.classList.remove("filled");
    requestAnimationFrame(() => this.root.classList.add("filled"));
  }
  focus() { this.#area.focus(); }

  async submit() {
    const at = this.#place();
    const typed = this.#area.value.trim();
    const files = this.#files.map((f) => f.id);
    if (!at || !typed && !files.length || this.#send.getAttribute("aria-busy")) return;
    const wire = encodeTyped(typed);
    const command = (this.#app.data.commands ?? ["/muster"]).find((c) => typed === c || typed.startsWith(`${c} `) || typed.startsWith(`${c}\n`));
    const place = { channel: at.channel, thread: at.thread || undefined };
    this.#send.setAttribute("aria-busy", "true");
    const held = this.#files;
    this.#set("");
    this.#hold([]);
    try {
      if (files.length) await this.#app.act("say", { ...place, text: wire, files });
      else if (command) await this.#app.act("command", { ...place, text: wire });
      else await this.#app.act("say", { ...place, text: wire });
    } catch (fault) {
      this.#app.toast(errorText(fault));
      if (!this.#area.value) this.#set(typed);
      this.#hold(held);
    } finally {
      this.#send.removeAttribute("aria-busy");
    }
  }

  // What is chosen is uploaded at once and goes with the next message.
  async #chosen() {
    const at = this.#place();
    const chosen = [...this.#pick.files];
    this.#pick.value = "";
    for (const file of chosen) {
      try {
        const done = await api.upload(at.as, file);
        this.#hold([...this.#files, { id: done.id, name: done.name }]);
      } catch (fault) { this.#app.toast(errorText(fault)); }
    }
    this.#area.focus();
  }

  #hold(files) {
    this.#files = files;
    this.#held.hidden = !files.length;
    clear(this.#held, files.map((f) => h("li.chip", {}, icon("file"), h("span", {}, f.name),
      h("button.icon-button", { type: "button", "aria-label": t("input.file.remove", { name: f.name }), onclick: () => this.#hold(this.#files.filter((o) => o.id !== f.id)) }, icon("close")))));
    this.#fit();
  }

  #set(text) {
    this.#area.value = text;
    this.#fit();
    this.#offer([]);
  }

  #fit() {
    this.#area.style.height = "auto";
    this.#area.style.height = `${Math.min(this.#area.scrollHeight, 180)}px`;
    this.#send.classList.toggle("ready", this.#area.value.trim() !== "" || this.#files.length > 0);
  }

  #typed() {
    this.#fit();
    this.#offer(this.#offersFor(this.#area.value, this.#area.selectionStart));
  }

  #offersFor(text, caret) {
    const before = text.slice(0, caret);
    if (/^\/\S*$/.test(before) || /^\/muster \S*$/.test(before)) return this.#commandOffers(before);
    const mark = /(^|[\s（(，,：:])([@#])([\p{L}\p{N}_.-]{0,24})$/u.exec(before);
    if (!mark) return [];
    const start = caret - mark[3].length - 1, wanted = mark[3].toLowerCase();
    const app = this.#app;
    if (mark[2] === "#") {
      return app.data.channels.filter((c) => c.kind !== "im" && c.name.toLowerCase().includes(wanted)).slice(0, 7)
        .map((c) => ({ label: `#${c.name}`, detail: c.topic, start, end: caret, text: `#${c.name} ` }));
    }
    const people = [{ ...app.data.bot, is_bot: true }, ...app.data.users.filter((u) => u.id !== app.data.bot.id)];
    return people.filter((u) => `${u.name} ${u.real_name ?? ""} ${u.id}`.toLowerCase().includes(wanted)).slice(0, 7)
      .map((u) => ({ label: u.name, detail: u.title ?? (u.is_bot ? t("app") : ""), lead: () => avatar(u, "small"), start, end: caret, text: `@${u.name} ` }));
  }

  #commandOffers(before) {
    const command = (this.#app.data.commands ?? ["/muster"])[0];
    return hints[lang()].map(([verb, key]) => ({ label: `${command} ${verb}`.trim(), detail: t(key), command: true, start: 0, end: this.#area.value.length, text: verb ? `${command} ${verb}` : command }))
      .filter((o) => o.label.startsWith(before.trim()) && o.text !== before);
  }

  #offer(offers) {
    this.#offers = offers;
    // A name is what was meant, so Enter takes it; a command hint is only a hint, and Enter sends what was typed.
    this.#active = offers.length && !offers[0].command ? 0 : -1;
    this.#list.hidden = !offers.length;
    const id = this.#list.id;
    clear(this.#list, offers.map((o, i) => h("li.option", {
      id: `${id}-${i}`, role: "option", "aria-selected": "false", data: { option: o.label },
      onpointerdown: (e) => { e.preventDefault(); this.#take(o); },
    }, o.lead?.(), h("span.option-text.inline", {}, h("span", {}, o.label), o.detail && h("small", {}, o.detail)))));
    this.#mark();
  }
  #mark() {
    [...this.#list.children].forEach((li, i) => {
      li.classList.toggle("active", i === this.#active);
      li.setAttribute("aria-selected", String(i === this.#active));
    });
    if (this.#active >= 0) this.#area.setAttribute("aria-activedescendant", `${this.#list.id}-${this.#active}`);
    else this.#area.removeAttribute("aria-activedescendant");
  }
  #take(o) {
    const { value } = this.#area;
    this.#area.value = value.slice(0, o.start) + o.text + value.slice(o.end);
    const caret = o.start + o.text.length;
    this.#area.setSelectionRange(caret, caret);
    this.#offer([]);
    this.#fit();
    this.#area.focus();
  }

  // While an input method composes Chinese, Enter picks characters and must not send.
  #key(e) {
    if (e.isComposing || e.keyCode === 229) return;
    if (this.#offers.length) {
      if (e.key === "ArrowDown" || e.key === "ArrowUp") {
        e.preventDefault();
        const n = this.#offers.length;
        this.#active = e.key === "ArrowDown" ? (this.#active + 1) % n : (Math.max(this.#active, 0) - 1 + n) % n;
        this.#mark();
        return;
      }
      if (e.key === "Escape") { e.preventDefault(); e.stopPropagation(); this.#offer([]); return; }
      if ((e.key === "Tab" && !e.shiftKey) || (e.key === "Enter" && !e.shiftKey && this.#active >= 0)) {
        e.preventDefault();
        this.#take(this.#offers[Math.max(this.#active, 0)]);
        return;
      }
    }
    if (e.key === "Enter" && !e.shiftKey) { e.preventDefault(); this.submit(); }
    if (e.key === "ArrowUp" && !this.#area.value && this.#onArrowUp?.()) e.preventDefault();
  }
}
