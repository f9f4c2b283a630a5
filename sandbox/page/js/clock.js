// The pretend clock: what time it is there, how fast it goes, and two buttons to jump.
import { api } from "./api.js";
import { h, clear, icon } from "./dom.js";
import { pending } from "./elements.js";
import { dateText, dial, wall, weekdayName } from "./time.js";
import { errorText, t } from "./words.js";

const speeds = [0, 1, 60, 600, 3600];
const often = 250; // ms between looks at the clock: at 3600× a quarter of a pretend hour
const quarter = 900; // s: reminders stand at quarters of an hour more often than not
const beat = 30; // ms a quarter takes in a jump: the bot sends what falls due in it, the eye can follow

// passHours moves the clock on, stopping at each quarter of an hour. In one leap a reminder for seven would be looked at a
// day later, when it is of no use to anybody and rightly not sent.
export async function passHours(app, n) {
  const { minute, second } = wall(app.now(), app.zone);
  let left = n * 4 * quarter;
  for (let step = quarter - ((minute * 60 + second) % quarter); left > 0; step = quarter) {
    const by = Math.min(step, left);
    await api.clock({ advance: `${by}s` });
    left -= by;
    if (left) await new Promise((done) => setTimeout(done, beat));
  }
}

export class Clock {
  #app; #root; #time; #day; #date; #hand; #bar; #label; #rate; #slider; #ticks; #hour; #oneDay; #dragging = false; #shown = {};

  constructor(app, root) {
    this.#app = app;
    this.#root = root;
    this.#build();
    setInterval(() => { if (!document.hidden) this.#tick(); }, often);
    app.hear("state", () => this.draw());
    app.hear("scene", () => this.draw());
  }

  #build() {
    this.#time = h("div.dial", { data: { testid: "clock" } });
    this.#day = h("div.dial-day", { data: { testid: "clock-day" } });
    this.#date = h("div.dial-date", { data: { testid: "clock-date" } });
    this.#hand = h("span.daybar-now");
    this.#bar = h("div.daybar", { "aria-hidden": "true" }, h("span.daybar-quiet.early"), h("span.daybar-quiet.late"), this.#hand,
      h("span.daybar-marks", {}, ["0", "6", "12", "18", "24"].map((n) => h("span", {}, n))));
    this.#label = h("label", { for: "speed" });
    this.#rate = h("output.speed-rate", { for: "speed", data: { testid: "speed-rate" } });
    this.#slider = h("input.speed", {
      id: "speed", type: "range", min: "0", max: String(speeds.length - 1), step: "1", data: { testid: "speed" },
      oninput: () => this.#say(Number(this.#slider.value)), onchange: () => this.#send({ speed: speeds[Number(this.#slider.value)] }),
      onpointerdown: () => { this.#dragging = true; }, onpointerup: () => { this.#dragging = false; }, onpointercancel: () => { this.#dragging = false; },
    });
    this.#ticks = h("div.speed-ticks", { "aria-hidden": "true" }, speeds.map((s) => h("span", {}, s === 0 ? icon("pause") : `${s}×`)));
    this.#hour = h("button.button", { type: "button", data: { testid: "advance-hour" }, onclick: (e) => this.#jump(e.currentTarget, 1) });
    this.#oneDay = h("button.button", { type: "button", data: { testid: "advance-day" }, onclick: (e) => this.#jump(e.currentTarget, 24) });
    this.#root.append(h("h2.hidden"), h("div.dial-row", {}, this.#time, h("div.dial-side", {}, this.#day, this.#date)), this.#bar,
      h("div.speed-row", {}, this.#label, this.#rate), this.#slider, this.#ticks, h("div.advance", {}, this.#hour, this.#oneDay));
  }

  #say(i) {
    this.#rate.textContent = t(`clock.rate.${speeds[i]}`);
    this.#slider.setAttribute("aria-valuetext", speeds[i] === 0 ? t("clock.paused") : t("clock.speed.value", { n: speeds[i] }));
    [...this.#ticks.children].forEach((el, n) => el.classList.toggle("on", n === i));
  }
  async #send(fields) {
    try { await api.clock(fields); } catch (fault) { this.#app.toast(errorText(fault)); }
    this.#app.refreshState();
  }
  #jump(button, hours) {
    return pending(button, async () => {
      try { await passHours(this.#app, hours); } catch (fault) { this.#app.toast(errorText(fault)); }
      this.#app.refreshState();
    });
  }

  draw() {
    if (!this.#app.data) return;
    this.#root.setAttribute("aria-label", t("clock.label"));
    this.#root.querySelector("h2").textContent = t("clock.label");
    this.#label.textContent = t("clock.speed");
    this.#bar.title = t("clock.quiet");
    for (const [button, key] of [[this.#hour, "clock.hour"], [this.#oneDay, "clock.day"]]) {
      button.textContent = t(key);
      button.setAttribute("aria-label", t(`${key}.label`));
    }
    if (!this.#dragging) this.#drawSpeed(this.#app.speed);
    this.#tick();
  }

  // A speed from the command line may lie between the steps: the slider stands at the nearest, the words tell the truth.
  #drawSpeed(speed) {
    const far = (s) => Math.abs(Math.log1p(s) - Math.log1p(speed));
    const nearest = speeds.reduce((best, s, i) => (far(s) < far(speeds[best]) ? i : best), 0);
    this.#slider.value = String(nearest);
    this.#say(nearest);
    if (!speeds.includes(speed)) this.#rate.textContent = t("clock.rate.n", { n: speed });
  }

  #put(el, key, words) {
    if (this.#shown[key] === words) return;
    this.#shown[key] = words;
    el.textContent = words;
  }
  #tick() {
    if (!this.#app.data) return;
    const w = wall(this.#app.now(), this.#app.zone);
    this.#put(this.#time, "time", dial(w));
    this.#put(this.#day, "day", weekdayName(w));
    this.#put(this.#date, "date", dateText(w));
    this.#date.title = t("clock.zone", { zone: this.#app.zone });
    const part = ((w.hour * 60 + w.minute) / 1440) * 100;
    if (this.#shown.part !== part) { this.#shown.part = part; this.#hand.style.left = `${part}%`; }
  }
}
