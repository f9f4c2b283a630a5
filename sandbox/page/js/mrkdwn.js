// Slack's mrkdwn as DOM. Nothing is ever parsed as HTML: what a person wrote enters as text nodes only.
import { h, safeUrl } from "./dom.js";
import { emoji } from "./emoji.js";
import { slackDate } from "./time.js";

// Exactly the three entities Slack defines, once: "&amp;lt;" is the text "&lt;".
export const decode = (text) => text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);

// mrkdwn(text, ctx) → fragment. ctx: {user(id), channel(id), me, zone, now(), openUser?, openChannel?}
export function mrkdwn(text, ctx) {
  const out = document.createDocumentFragment();
  const pieces = String(text ?? "").split(/```([\s\S]+?)```/);
  pieces.forEach((piece, i) => {
    if (i % 2 === 1) out.append(h("pre.code", {}, plainTokens(piece.replace(/^\n|\n$/g, ""), ctx)));
    else lines(piece, out, ctx, i > 0, i < pieces.length - 1);
  });
  return out;
}

function lines(text, out, ctx, afterBlock, beforeBlock) {
  if (afterBlock) text = text.replace(/^\n/, "");
  if (beforeBlock) text = text.replace(/\n$/, "");
  if (text === "") return;
  let quote = null, first = true, rest = false;
  for (const line of text.split("\n")) {
    const all = /^(?:>>>|&gt;&gt;&gt;) ?/.exec(line);
    const mark = rest ? [""] : all ?? /^(?:>|&gt;) ?/.exec(line);
    if (all) rest = true;
    if (mark) {
      if (!quote) { quote = h("blockquote"); out.append(quote); } else quote.append(h("br"));
      quote.append(inline(line.slice(mark[0].length), ctx));
      first = true;
      continue;
    }
    quote = null;
    const bullet = /^(\s*)(•|◦|▪|-|\d{1,2}[.)]) (?=\S)/.exec(line);
    if (bullet) {
      out.append(h("div.bullet", {}, h("span.bullet-mark", {}, bullet[2] === "-" ? "–" : bullet[2]), h("span", {}, inline(line.slice(bullet[0].length), ctx))));
      first = true;
      continue;
    }
    if (!first) out.append(h("br"));
    out.append(inline(line, ctx));
    first = false;
  }
}

const wordChar = /[\p{L}\p{N}_]/u;
const styles = { "*": "strong", _: "em", "~": "s" };

// inline reads one line: tokens, code, emphasis, emoji, bare addresses, text.
export function inline(text, ctx) {
  const out = document.createDocumentFragment();
  let plain = "";
  const flush = () => { if (plain) out.append(document.createTextNode(decode(plain))); plain = ""; };
  const put = (node) => { flush(); out.append(node); };
  let i = 0;
  while (i < text.length) {
    const step = at(text, i, ctx);
    if (step) { put(step.node); i = step.next; } else { plain += text[i]; i++; }
  }
  flush();
  return out;
}

function at(text, i, ctx) {
  const c = text[i];
  if (c === "<") return tokenAt(text, i, ctx);
  if (c === "`") return codeAt(text, i, ctx);
  if (c in styles) return styledAt(text, i, ctx);
  if (c === ":") return emojiAt(text, i);
  if (c === "h") return addressAt(text, i);
  return null;
}

function tokenAt(text, i, ctx) {
  const end = text.indexOf(">", i + 1);
  if (end < 0) return null;
  const node = token(text.slice(i + 1, end), ctx);
  return node && { node, next: end + 1 };
}

function codeAt(text, i, ctx) {
  const end = text.indexOf("`", i + 1);
  if (end <= i + 1) return null;
  return { node: h("code", {}, plainTokens(text.slice(i + 1, end), ctx)), next: end + 1 };
}

// Emphasis needs a non-word character (or nothing) outside and a non-space inside, as Slack asks; so 你好*世界* stays as typed.
function styledAt(text, i, ctx) {
  const c = text[i];
  if (i > 0 && wordChar.test(before(text, i)) && text[i - 1] !== "_") return null;
  if (i + 1 >= text.length || /\s/.test(text[i + 1]) || text[i + 1] === c) return null;
  for (let end = text.indexOf(c, i + 2); end > 0; end = text.indexOf(c, end + 1)) {
    const after = text.slice(end + 1);
    if (/\s/.test(text[end - 1])) continue;
    if (after && wordChar.test(String.fromCodePoint(after.codePointAt(0))) && after[0] !== "_") continue;
    const inner = text.slice(i + 1, end);
    if ((inner.match(/</g) ?? []).length !== (inner.match(/>/g) ?? []).length) continue;
    return { node: h(styles[c], {}, inline(inner, ctx)), next: end + 1 };
  }
  return null;
}

function before(text, i) {
  const low = text.charCodeAt(i - 1);
  return low >= 0xdc00 && low <= 0xdfff && i > 1 ? text.slice(i - 2, i) : text[i - 1];
}

function emojiAt(text, i) {
  const found = /^:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/.exec(text.slice(i, i + 80));
  const char = found && emoji(found[1]);
  return char ? { node: emojiNode(found[1], char), next: i + found[0].length } : null;
}

export const emojiNode = (name, char) => h("span.emoji", { role: "img", "aria-label": name.replaceAll("_", " ") }, char);

function addressAt(text, i) {
  if (i > 0 && wordChar.test(text[i - 1])) return null;
  const found = /^https?:\/\/[^\s<>，。；、）]+[^\s<>，。；、）.,;:!?)*_~]/.exec(text.slice(i));
  return found ? { node: link(decode(found[0])), next: i + found[0].length } : null;
}

export function link(url, label) {
  const file = /^https:\/\/[^/]+\.slack\.com\/files\/\w+\/(F\w+)\/([^/?#]+)$/.exec(url); // a file of this workspace
  const safe = safeUrl(file ? `${location.origin}/sandbox/files/${file[1]}/${file[2]}` : url);
  if (!safe) return document.createTextNode(label ? `${label} (${url})` : url);
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, label || url);
}

// token reads what stands between < and >: people, channels, groups, everyone, dates, addresses.
function token(body, ctx) {
  const bar = body.indexOf("|");
  const head = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : decode(body.slice(bar + 1));
  if (/^@[UWB][A-Z0-9]+$/.test(head)) return userNode(head.slice(1), ctx, label);
  if (/^#[CGD][A-Z0-9]+$/.test(head)) return channelNode(head.slice(1), ctx, label);
  if (/^!(here|channel|everyone)$/.test(head)) return h("span.mention.all", {}, `@${head.slice(1)}`);
  if (head.startsWith("!subteam^")) return h("span.mention", {}, label || `@${head.slice(9)}`);
  if (head.startsWith("!date^")) return dateNode(head, label, ctx);
  if (head.startsWith("!")) return document.createTextNode(label || `<${body}>`);
  if (/^(https?:|mailto:|tel:)/i.test(head)) return link(decode(head), label);
  return null;
}

export function userNode(id, ctx, label = "") {
  const user = ctx.user(id);
  const cls = id === ctx.me ? "span.mention.me" : "span.mention";
  return h(cls, { data: { user: id }, title: user?.title }, `@${user?.name ?? (label || id)}`);
}

export function channelNode(id, ctx, label = "") {
  const channel = ctx.channel(id);
  return h("a.mention.channel", { href: ctx.channelHref?.(id) ?? "#", data: { channelLink: id } }, `#${channel?.name ?? (label || id)}`);
}

function dateNode(head, fallback, ctx) {
  const [, stamp, pattern = "", url] = head.split("^");
  if (!/^\d+$/.test(stamp)) return document.createTextNode(fallback);
  const words = slackDate(Number(stamp), decode(pattern), ctx.zone, ctx.now());
  const time = h("time", { datetime: new Date(Number(stamp) * 1000).toISOString(), title: fallback || undefined }, words);
  const safe = url && safeUrl(decode(url));
  return safe ? h("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, time) : time;
}

// In code only the tokens are resolved, as Slack does; stars and underscores stay.
function plainTokens(text, ctx) {
  return text.split(/(<[^<>\n]+>)/).map((piece) => {
    if (!/^<.+>$/.test(piece)) return decode(piece);
    const node = token(piece.slice(1, -1), ctx);
    return node ? node.textContent : decode(piece);
  }).join("");
}

// plainText(text object or string) for plain_text: emoji names and nothing else.
export function plainText(object) {
  const text = typeof object === "string" ? object : object?.text ?? "";
  if (typeof object === "object" && object?.emoji === false) return text;
  return text.replace(/:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/g, (whole, name) => emoji(name) ?? whole);
}

// textNode renders a Block Kit text object of either type.
export function textNode(object, ctx) {
  if (!object) return "";
  if (typeof object === "string" || object.type === "plain_text") {
    return plainText(object).split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));
  }
  return mrkdwn(object.text, ctx);
}

// flat gives the plain words of a mrkdwn text, for the live region, titles and labels.
export const flat = (text, ctx) => {
  const holder = h("div");
  holder.append(mrkdwn(text, ctx));
  return holder.textContent.replace(/\s+/g, " ").trim();
};
