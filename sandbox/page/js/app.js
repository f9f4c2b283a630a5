// The page's one state: who acts, where they look, and what the sandbox last said. Parts listen for what concerns them.
import { api, coalesce, listen } from "./api.js";
import { offsetZone } from "./time.js";
import { lang, setLang, t } from "./words.js";

// Signals: "state" (people, channels, clock, tour), "scene" (detail: set of what changed), "message", "home", "view",
// "status" (detail: live or reconnecting), "announce" and "toast" (detail: words).
export class App extends EventTarget {
  data = null;
  scene = { as: "", channel: "", thread: "", lang: "", theme: "" };
  online = true;
  #clock = { at: 0, seen: 0, speed: 1 };
  #stop = null;
  #streamOf = null;
  #started = false;

  constructor() {
    super();
    this.refreshState = coalesce(() => this.#load(), 80);
  }

  tell(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
  hear(type, fn) { this.addEventListener(type, (e) => fn(e.detail)); }
  announce(words) { this.tell("announce", words); }
  toast(words, kind = "error") { this.tell("toast", { words, kind }); }

  async start() {
    this.scene = { ...this.scene, ...readHash() };
    this.pointer = pointerInHash();
    setLang(this.scene.lang || this.#browserLang());
    await this.#load();
    if (!this.scene.lang && this.data) setLang(this.data.lang);
    this.#settle();
    window.addEventListener("hashchange", () => this.#linked());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.refreshState(); });
    this.#stream();
    this.#started = true;
    this.tell("scene", new Set(["as", "channel", "thread", "lang", "theme"]));
  }

  #browserLang() { return /^zh/i.test(navigator.language) ? "zh" : "en"; }

  async #load() {
    let data;
    const as = this.scene.as;
    try {
      data = await api.state(as);
    } catch (fault) {
      if (this.scene.as && /user|person|unknown/i.test(fault.code)) { this.scene.as = ""; data = await api.state(""); } else {
        this.tell("unreachable", fault);
        setTimeout(this.refreshState, 2000);
        return;
      }
    }
    if (as && this.scene.as && as !== this.scene.as) return; // somebody else acts by now
    data.users = data.users.map((u) => ({ ...u, handle: u.handle ?? u.name, name: u.real_name || u.name }));
    this.data = data;
    this.opener = data.users.find((u) => !u.is_bot)?.id ?? data.as; // whom the sandbox names first runs the organisation
    if (!this.scene.as) this.scene.as = data.as;
    const ms = Date.parse(data.clock.now);
    this.#clock = { at: ms, seen: performance.now(), speed: Number(data.clock.speed) };
    this.tell("state");
    if (this.#started && this.scene.channel !== "home" && !this.here) { // first word after a silent start, or the place is gone
      const changed = new Set();
      this.#settle(changed);
      this.tell("scene", changed);
    }
    if (!this.scene.lang && data.lang && data.lang !== lang()) { setLang(data.lang); this.tell("scene", new Set(["lang"])); }
  }

  // refreshed resolves once the sandbox's state has been read anew
  refreshed() {
    this.refreshState();
    return new Promise((done) => this.addEventListener("state", () => done(), { once: true }));
  }

  // now is the pretend time in ms, carried on between the sandbox's words about it.
  now = () => this.#clock.at + (performance.now() - this.#clock.seen) * this.#clock.speed;
  get speed() { return this.#clock.speed; }
  // The organisation's zone: as told, else the one most members live in.
  get zone() { return this.data?.clock.zone || commonest(this.data?.users.map((u) => u.tz).filter(Boolean) ?? []) || offsetZone(this.data?.clock.now); }

  user = (id) => this.data?.users.find((u) => u.id === id) ?? (id && id === this.data?.bot.id ? { ...this.data.bot, is_bot: true } : undefined);
  channel = (id) => this.data?.channels.find((c) => c.id === id);
  get me() { return this.user(this.scene.as); }
  get here() { return this.channel(this.scene.channel); }
  channelName(channel) {
    if (!channel) return "";
    return channel.kind === "im" ? this.user(channel.user)?.name ?? channel.name : channel.name;
  }

  // What text needs to know about its reader.
  get reader() {
    return { user: this.user, channel: this.channel, me: this.scene.as, zone: this.me?.tz || this.zone, now: this.now, channelHref: (id) => hashOf({ ...this.scene, channel: id, thread: "" }) };
  }

  // act does something as the acting person; throws ApiError when it was refused.
  async act(what, fields = {}) {
    return api.act({ as: this.scene.as, do: what, ...fields });
  }

  go(patch, { replace = false } = {}) {
    const wanted = { ...this.scene, ...patch };
    if (patch.channel !== undefined && patch.thread === undefined && patch.channel !== this.scene.channel) wanted.thread = "";
    const hash = hashOf(wanted);
    if (hash !== location.hash) history[replace ? "replaceState" : "pushState"](null, "", hash);
    return this.#apply(wanted);
  }

  // A link (a permalink, the back button) names as much of a scene as it cares about; ts points at one message in it.
  async #linked() {
    this.pointer = pointerInHash();
    await this.#apply({ thread: "", ...readHash() });
    if (this.pointer) this.tell("message", {});
    this.#settle();
  }

  async #apply(wanted) {
    const next = { ...this.scene, ...wanted };
    const changed = new Set(Object.keys(next).filter((k) => next[k] !== this.scene[k]));
    if (!changed.size) return;
    const from = this.here;
    this.scene = next;
    if (changed.has("lang")) setLang(next.lang || this.data?.lang);
    if (changed.has("as")) {
      this.#started = false;
      await this.#load();
      this.#started = true;
      this.#follow(from, changed);
      this.#stream();
      this.announce(t("as.now", { name: this.me?.name ?? "" }));
    }
    this.#settle(changed);
    this.tell("scene", changed);
  }

  // Somebody else's direct message with the bot is not mine: a change of person keeps to the same kind of place.
  #follow(from, changed) {
    if (from?.kind !== "im" || this.here) return;
    const mine = this.data.channels.find((c) => c.kind === "im" && c.user === from.user);
    this.scene.channel = mine?.id ?? "";
    this.scene.thread = "";
    changed.add("channel");
  }

  #settle(changed = new Set()) {
    if (!this.data) return;
    if (this.scene.channel !== "home" && !this.here) {
      const open = this.data.channels;
      this.scene.channel = (open.find((c) => c.kind === "channel" && c.member) ?? open.find((c) => c.member) ?? open[0])?.id ?? "home";
      this.scene.thread = "";
      changed.add("channel");
    }
    const hash = hashOf(this.scene);
    if (hash !== location.hash) history.replaceState(null, "", hash);
  }

  #stream() {
    if (this.#streamOf === this.scene.as) return;
    this.#stop?.();
    this.#streamOf = this.scene.as;
    this.#stop = listen(this.scene.as, (e) => this.#heard(e), (status, again) => {
      this.online = status === "live";
      this.tell("status", status);
      if (again) for (const kind of ["message", "home", "view"]) this.tell(kind, {});
      if (status === "live") this.refreshState();
    });
  }

  #heard(event) {
    switch (event.type) {
      case "message": case "changed": case "deleted": case "reaction": case "ephemeral":
        this.tell("message", event);
        break;
      case "view": this.tell("view", event); return;
      case "home": this.tell("home", event); return;
      default:
    }
    this.refreshState();
  }
}

function commonest(list) {
  const counts = new Map();
  for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function readHash() {
  const q = new URLSearchParams(location.hash.slice(1));
  const scene = {};
  for (const key of ["as", "channel", "thread", "lang", "theme"]) if (q.has(key)) scene[key] = q.get(key);
  return scene;
}

const pointerInHash = () => new URLSearchParams(location.hash.slice(1)).get("ts") ?? "";

function hashOf(scene) {
  const q = new URLSearchParams();
  for (const key of ["as", "channel", "thread", "lang", "theme"]) if (scene[key]) q.set(key, scene[key]);
  return `#${q}`;
}
