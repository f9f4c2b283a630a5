// The page's own words. What the bot says is in the bot's catalogues; these two have the same keys.
import zh from "./words.zh.js";
import en from "./words.en.js";

const catalogues = { zh, en };
let current = "zh";

export const languages = [["zh", "中文"], ["en", "English"]];

export const lang = () => current;

export function setLang(wanted) {
  current = catalogues[wanted] ? wanted : "zh";
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
}

// t("nav.unread", {n: 3})
export function t(key, args = {}) {
  const text = catalogues[current][key];
  if (text === undefined) { console.error("word missing", key); return key; }
  return text.replace(/\{(\w+)\}/g, (whole, name, at) => (name in args ? spaced(String(args[name]), text[at - 1], text[at + whole.length]) : whole));
}

// Between a Chinese character and a Latin word or a number stands a space: 发给 Ann，发给陈琳.
const han = /\p{Script=Han}/u, latin = /[A-Za-z0-9]/;
const spaced = (value, before = "", after = "") => `${han.test(before) && latin.test(value[0]) ? " " : ""}${value}${latin.test(value.at(-1)) && han.test(after) ? " " : ""}`;

// n replies, with English's singular
export const replies = (n) => (current === "en" && n === 1 ? "1 reply" : t("msg.replies", { n }));

export function errorText(fault) {
  const code = fault?.code ?? fault?.message ?? String(fault);
  const known = `error.${code}`;
  return known in catalogues[current] ? t(known) : t("error.other", { code });
}
