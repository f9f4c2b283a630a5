// Wall time in named zones, and Slack's <!date^…> patterns. Milliseconds in, words out; nothing here reads a clock.
import { lang } from "./words.js";

const formats = new Map();

function format(zone) {
  if (!formats.has(zone)) {
    const options = { hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" };
    let made;
    try { made = new Intl.DateTimeFormat("en-US", { ...options, timeZone: zone || "UTC" }); } catch {
      made = new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" });
    }
    formats.set(zone, made);
  }
  return formats.get(zone);
}

// wall(ms, "Asia/Shanghai") → {year, month, day, hour, minute, second, weekday (0 Sunday), stamp (as if UTC)}
export function wall(ms, zone) {
  const w = {};
  for (const { type, value } of format(zone).formatToParts(ms)) if (type !== "literal") w[type] = Number(value);
  w.stamp = Date.UTC(w.year, w.month - 1, w.day, w.hour, w.minute, w.second);
  w.weekday = new Date(w.stamp).getUTCDay();
  return w;
}

const two = (n) => String(n).padStart(2, "0");
const weekdays = { zh: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"], en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] };
const fullDays = { zh: ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"], en: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] };
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const fullMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

export const hm = (w) => `${w.hour}:${two(w.minute)}`;
export const dial = (w) => `${two(w.hour)}:${two(w.minute)}`;
export const weekdayName = (w) => fullDays[lang()][w.weekday];
export const dayKey = (w) => `${w.year}-${two(w.month)}-${two(w.day)}`;
export const dayText = (w) => (lang() === "zh" ? `${weekdays.zh[w.weekday]} ${w.month}月${w.day}日` : `${weekdays.en[w.weekday]} ${w.day} ${months[w.month - 1]}`);
export const dateText = (w) => (lang() === "zh" ? `${w.year}年${w.month}月${w.day}日` : `${w.day} ${months[w.month - 1]} ${w.year}`);

// RFC 3339 carries the organisation's offset even where its zone's name is not told.
export function offsetZone(rfc3339) {
  const found = /([+-]\d\d:\d\d)$/.exec(rfc3339 ?? "");
  return found ? found[1] : "UTC";
}

export function unixToWall(seconds, zone) {
  const w = wall(seconds * 1000, zone);
  return `${dayKey(w)}T${two(w.hour)}:${two(w.minute)}`;
}

// "2026-12-05T19:30" on the wall of a zone → Unix seconds
export function wallToUnix(text, zone) {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text);
  if (!found) return null;
  const [y, mo, d, h, mi] = found.slice(1).map(Number);
  const wanted = Date.UTC(y, mo - 1, d, h, mi);
  let at = wanted - (wall(wanted, zone).stamp - wanted);
  at += wanted - wall(at, zone).stamp; // a second look settles guesses made across a clock change
  return Math.round(at / 1000);
}

function ago(seconds, nowSeconds) {
  const rtf = new Intl.RelativeTimeFormat(lang() === "zh" ? "zh-CN" : "en", { numeric: "auto" });
  const d = seconds - nowSeconds;
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) if (Math.abs(d) >= size) return rtf.format(Math.round(d / size), unit);
  return rtf.format(Math.round(d), "second");
}

function pretty(w, now) {
  const days = Math.round((Date.UTC(w.year, w.month - 1, w.day) - Date.UTC(now.year, now.month - 1, now.day)) / 86400000);
  const words = lang() === "zh" ? { "-1": "昨天", 0: "今天", 1: "明天" } : { "-1": "yesterday", 0: "today", 1: "tomorrow" };
  return words[days];
}

const patterns = {
  date_num: (w) => dayKey(w),
  date: (w) => (lang() === "zh" ? dateText(w) : `${fullMonths[w.month - 1]} ${w.day}, ${w.year}`),
  date_slash: (w) => `${two(w.month)}/${two(w.day)}/${w.year}`,
  date_short: (w) => (lang() === "zh" ? dateText(w) : `${months[w.month - 1]} ${w.day}, ${w.year}`),
  date_long: (w) => (lang() === "zh" ? `${dateText(w)} ${fullDays.zh[w.weekday]}` : `${fullDays.en[w.weekday]}, ${fullMonths[w.month - 1]} ${w.day}, ${w.year}`),
  date_long_full: (w) => patterns.date_long(w),
  day_divider_pretty: (w) => dayText(w),
  time: (w) => hm(w),
  time_secs: (w) => `${hm(w)}:${two(w.second)}`,
};

// slackDate(1764000000, "{date_short_pretty} at {time}", zone, nowMs) as each reader sees it
export function slackDate(seconds, pattern, zone, nowMs) {
  const w = wall(seconds * 1000, zone), now = wall(nowMs, zone);
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => {
    if (name === "ago") return ago(seconds, nowMs / 1000);
    if (name.endsWith("_pretty") && name !== "day_divider_pretty") return pretty(w, now) ?? patterns[name.slice(0, -7)]?.(w) ?? whole;
    return patterns[name]?.(w) ?? whole;
  });
}
