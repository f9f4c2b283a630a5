// The markdown block: standard Markdown as far as Slack renders it. As everywhere, text becomes text nodes only.
import { h, localImage } from "./dom.js";
import { inline as slackInline, link } from "./mrkdwn.js";

export function markdown(text, ctx) {
  return h("div.markdown", {}, blocks(String(text ?? "").replace(/\r\n?/g, "\n").split("\n"), ctx));
}

function blocks(lines, ctx) {
  const out = [];
  let i = 0;
  while (i < lines.length) {
    const line = lines[i];
    if (!line.trim()) { i++; continue; }
    const taken = fence(lines, i) ?? heading(line, ctx) ?? rule(line) ?? quote(lines, i, ctx) ?? list(lines, i, ctx) ?? table(lines, i, ctx) ?? paragraph(lines, i, ctx);
    out.push(taken.node);
    i += taken.used ?? 1;
  }
  return out;
}

function fence(lines, i) {
  const open = /^\s*(```+|~~~+)/.exec(lines[i]);
  if (!open) return null;
  let end = i + 1;
  while (end < lines.length && !lines[end].trim().startsWith(open[1])) end++;
  return { node: h("pre.code", {}, lines.slice(i + 1, end).join("\n")), used: end - i + 1 };
}

function heading(line, ctx) {
  const found = /^(#{1,6})\s+(.+?)\s*#*$/.exec(line);
  return found && { node: h(`h${Math.min(found[1].length + 2, 6)}.md-h`, {}, inline(found[2], ctx)) };
}

const rule = (line) => (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line) ? { node: h("hr") } : null);

function quote(lines, i, ctx) {
  let end = i;
  while (end < lines.length && /^\s*>/.test(lines[end])) end++;
  if (end === i) return null;
  return { node: h("blockquote", {}, blocks(lines.slice(i, end).map((l) => l.replace(/^\s*> ?/, "")), ctx)), used: end - i };
}

const itemMark = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;

function list(lines, i, ctx) {
  const first = itemMark.exec(lines[i]);
  if (!first) return null;
  const depth = first[1].length, ordered = /\d/.test(first[2]);
  const node = h(ordered ? "ol" : "ul", { start: ordered ? parseInt(first[2], 10) : undefined });
  let at = i;
  while (at < lines.length) {
    const found = itemMark.exec(lines[at]);
    if (!found || found[1].length < depth || (found[1].length === depth && /\d/.test(found[2]) !== ordered)) break;
    if (found[1].length > depth + 1 && node.lastChild) {
      const inner = list(lines, at, ctx);
      node.lastChild.append(inner.node);
      at += inner.used;
      continue;
    }
    node.append(item(found[3], ctx));
    at++;
  }
  return { node, used: at - i };
}

function item(text, ctx) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  if (!task) return h("li", {}, inline(text, ctx));
  return h("li.task", {}, h("span", { "aria-hidden": "true" }, task[1] === " " ? "☐ " : "☑ "), inline(task[2], ctx));
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((c) => c.trim().replaceAll("\\|", "|"));

function table(lines, i, ctx) {
  if (!lines[i].includes("|") || !/^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[i + 1] ?? "")) return null;
  const align = cells(lines[i + 1]).map((c) => (c.endsWith(":") ? (c.startsWith(":") ? "center" : "right") : "left"));
  const cell = (tag) => (text, n) => h(`${tag}.align-${align[n] ?? "left"}`, {}, inline(text, ctx));
  let end = i + 2;
  while (end < lines.length && lines[end].includes("|")) end++;
  const body = lines.slice(i + 2, end).map((line) => h("tr", {}, cells(line).map(cell("td"))));
  return { node: h("div.table-wrap", { tabindex: "0" }, h("table", {}, h("thead", {}, h("tr", {}, cells(lines[i]).map(cell("th")))), h("tbody", {}, body))), used: end - i };
}

function paragraph(lines, i, ctx) {
  let end = i + 1;
  while (end < lines.length && lines[end].trim() && !/^\s*(#{1,6}\s|>|```|~~~|[-*+]\s|\d+[.)]\s)/.test(lines[end])) end++;
  const parts = lines.slice(i, end).flatMap((line, n) => (n ? [h("br"), inline(line.trimEnd(), ctx)] : [inline(line.trimEnd(), ctx)]));
  return { node: h("p", {}, parts), used: end - i };
}

const spans = /(`+)(.+?)\1|!\[([^\]]*)\]\(([^)\s]+)\)|\[([^\]]+)\]\(([^)\s]+)\)|\*\*(\S|\S.*?\S)\*\*|__(\S|\S.*?\S)__|~~(\S|\S.*?\S)~~|\*(\S|\S.*?\S)\*|(?<![\p{L}\p{N}])_(\S|\S.*?\S)_(?![\p{L}\p{N}])|\\([\\`*_{}[\]()#+.!|~>-])/u;

function inline(text, ctx) {
  const out = document.createDocumentFragment();
  let rest = text;
  for (let found = spans.exec(rest); found; found = spans.exec(rest)) {
    out.append(tokens(rest.slice(0, found.index), ctx), span(found, ctx));
    rest = rest.slice(found.index + found[0].length);
  }
  out.append(tokens(rest, ctx));
  return out;
}

function span(found, ctx) {
  const [, , code, alt, src, label, url, bold, bold2, strike, em, em2, escaped] = found;
  if (code !== undefined) return h("code", {}, code);
  if (src !== undefined) {
    const local = localImage(src);
    return local ? h("img", { src: local, alt }) : link(src, alt || src);
  }
  if (label !== undefined) return link(url, label);
  if (bold ?? bold2) return h("strong", {}, inline(bold ?? bold2, ctx));
  if (strike) return h("s", {}, inline(strike, ctx));
  if (em ?? em2) return h("em", {}, inline(em ?? em2, ctx));
  return document.createTextNode(escaped);
}

// Between the marks Slack still resolves <@U1>, <#C1>, dates and emoji; its single-character marks are hidden from it.
function tokens(text, ctx) {
  const out = document.createDocumentFragment();
  for (const piece of text.split(/(<[^<>\n]+>|:[a-z0-9_+'-]+:|https?:\/\/\S+|[*_~`])/)) out.append(/^[*_~`]$/.test(piece) ? document.createTextNode(piece) : slackInline(piece, ctx));
  return out;
}
