// The left column: who acts, Home, channels, direct messages.
import { h, avatar, clear, icon } from "./dom.js";
import { pick } from "./picker.js";
import { reconcile } from "./reconcile.js";
import { errorText, lang, t } from "./words.js";

const quickSize = 6; // faces for one press, in one row at 264 px

export class Sidebar {
  #app; #root; #team; #label; #switcher; #faces; #nav; #quick = [];

  constructor(app, root) {
    this.#app = app;
    this.#root = root;
    this.#team = h("span.team-name");
    this.#label = h("div.label");
    this.#switcher = h("button.switch", { type: "button", "aria-haspopup": "listbox", "aria-expanded": "false", data: { testid: "person-switch" }, onclick: () => this.#choose() });
    this.#faces = h("div.quick", { role: "group", data: { testid: "quick" } });
    this.#nav = h("nav.nav", { onkeydown: (e) => this.#keys(e) });
    root.append(h("div.team", {}, h("span.team-mark", { "aria-hidden": "true" }), this.#team), h("div.acting", {}, this.#label, this.#switcher, this.#faces), this.#nav);
    app.hear("state", () => this.draw());
    app.hear("scene", () => this.draw());
  }

  get #people() { return this.#app.data.users.filter((u) => !u.is_bot); }
  #rows(users) {
    return users.map((u) => ({ value: u.id, label: u.name, detail: u.title, words: `${u.handle ?? ""} ${u.id} ${u.tz ?? ""}`, lead: () => avatar(u), data: { user: u.id } }));
  }

  #choose() {
    pick(this.#switcher, {
      label: t("as.label"), placeholder: t("as.search"), testid: "person", cls: "people", chosen: new Set([this.#app.scene.as]),
      options: this.#rows(this.#people), onpick: (o) => this.#app.go({ as: o.value }),
    });
  }

  #newDM(anchor) {
    const app = this.#app;
    pick(anchor, {
      label: t("nav.newdm"), placeholder: t("as.search"), testid: "dm", cls: "people",
      options: this.#rows(app.data.users.filter((u) => u.id !== app.scene.as)),
      onpick: async (o) => {
        try {
          const answer = await app.act("open_dm", { user: o.value });
          await app.refreshed();
          if (answer.channel) app.go({ channel: answer.channel });
        } catch (fault) { app.toast(errorText(fault)); }
      },
    });
  }

  // The row keeps its order: who is new takes the place of the one not used for longest.
  #remember(id) {
    if (!this.#quick.length) this.#quick = this.#people.slice(0, quickSize).map((u) => ({ id: u.id, used: 0 }));
    const known = this.#quick.find((q) => q.id === id);
    if (known) { known.used = performance.now(); return; }
    const user = this.#app.user(id);
    if (!user || user.is_bot) return;
    const oldest = this.#quick.reduce((a, b) => (b.used <= a.used ? b : a));
    this.#quick[this.#quick.indexOf(oldest)] = { id, used: performance.now() };
  }

  draw() {
    const app = this.#app, me = app.me;
    if (!app.data) return;
    this.#remember(app.scene.as);
    this.#team.textContent = app.data.team;
    document.title = t("page.title", { team: app.data.team });
    this.#label.textContent = t("as.label");
    this.#root.setAttribute("aria-label", t("side.label"));
    this.#switcher.setAttribute("aria-label", t("as.switch", { name: me?.name ?? "" }));
    this.#switcher.dataset.user = app.scene.as;
    clear(this.#switcher, avatar(me), h("span.switch-text", {}, h("strong", {}, me?.name), h("small", {}, me?.title)), icon("down"));
    this.#faces.setAttribute("aria-label", t("as.quick"));
    reconcile(this.#faces, this.#quick.map((q) => app.user(q.id)).filter(Boolean), {
      key: (u) => u.id, sig: (u) => JSON.stringify([u.name, u.initials, u.color, u.id === app.scene.as, lang()]),
      build: (u) => this.#face(u),
    });
    this.#drawNav();
  }

  #face(u) {
    return h("button", {
      type: "button", data: { user: u.id, focus: u.id, testid: "quick-person" }, title: [u.name, u.title].filter(Boolean).join(" · "),
      "aria-label": t("as.act", { name: u.name }), "aria-pressed": String(u.id === this.#app.scene.as), onclick: () => this.#app.go({ as: u.id }),
    }, avatar(u));
  }

  #drawNav() {
    const app = this.#app;
    this.#nav.setAttribute("aria-label", t("nav.channels"));
    const all = app.data.channels.map((c) => (c.id === app.scene.channel && !document.hidden ? { ...c, unread: 0 } : c));
    const rows = [{ id: "home", kind: "home", name: t("nav.home") },
      { head: t("nav.channels"), id: "head-channels" }, ...all.filter((c) => c.kind !== "im"),
      { head: t("nav.dms"), id: "head-dms", add: true }, ...this.#ims(all)];
    reconcile(this.#nav, rows, {
      key: (r) => r.id,
      sig: (r) => JSON.stringify([r, r.id === app.scene.channel, lang(), r.user && app.user(r.user)?.name]),
      build: (r) => (r.head ? this.#heading(r) : this.#place(r)),
    });
  }

  // The bot's own direct message first, then people, yourself last.
  #ims(all) {
    const rank = (c) => (c.user === this.#app.data.bot.id ? 0 : c.user === this.#app.scene.as ? 2 : 1);
    return all.filter((c) => c.kind === "im").sort((a, b) => rank(a) - rank(b));
  }

  #heading(r) {
    const add = r.add && h("button.icon-button", {
      type: "button", "aria-label": t("nav.newdm"), title: t("nav.newdm"), "aria-haspopup": "listbox", data: { testid: "new-dm", focus: "new-dm" }, onclick: (e) => this.#newDM(e.currentTarget),
    }, icon("plus"));
    return h("div.nav-head", {}, h("h2", {}, r.head), add);
  }

  #place(r) {
    const app = this.#app;
    const here = r.id === app.scene.channel;
    const im = r.kind === "im", home = r.kind === "home";
    const quiet = !home && !im && !r.member;
    const lead = home ? icon("home") : im ? avatar(app.user(r.user), "small") : icon(r.kind === "private" ? "lock" : "hash");
    return h(`a.nav-item${here ? ".here" : ""}${r.unread ? ".unread" : ""}${quiet ? ".quiet" : ""}`, {
      href: "#", "aria-current": here ? "page" : undefined, data: { channel: r.id, focus: r.id, testid: home ? "home-tab" : "channel" },
      onclick: (e) => { e.preventDefault(); app.go({ channel: r.id }); },
    }, lead, h("span.nav-name", {}, home ? r.name : app.channelName(r), im && r.user === app.scene.as && h("small", {}, ` ${t("you")}`)),
    r.user === app.data.bot.id && h("span.badge-app", {}, t("app")), quiet && h("span.hidden", {}, t("nav.notmember")),
    r.unread > 0 && h("span.unread-badge", { "aria-label": t("nav.unread", { n: r.unread }) }, r.unread > 99 ? "99+" : r.unread));
  }

  #keys(e) {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    const all = [...this.#nav.querySelectorAll(".nav-item")];
    const now = all.indexOf(document.activeElement);
    const to = all[now + (e.key === "ArrowDown" ? 1 : -1)];
    if (now < 0 || !to) return;
    e.preventDefault();
    to.focus();
  }
}
