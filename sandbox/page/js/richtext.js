// rich_text blocks: Slack's own tree of what a person typed, no parsing of marks at all.
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { emojiNode, userNode, channelNode, link } from "./mrkdwn.js";
import { slackDate } from "./time.js";

export function richText(block, ctx) {
  return h("div.rich", {}, lists(block.elements ?? [], ctx));
}

// Slack sends a nested list as neighbours with a growing indent; here they stay neighbours with a growing margin.
function lists(elements, ctx) {
  return elements.map((el) => {
    switch (el.type) {
      case "rich_text_section": return h("div.rich-line", {}, section(el, ctx));
      case "rich_text_preformatted": return h("pre.code", {}, section(el, ctx));
      case "rich_text_quote": return h("blockquote", {}, section(el, ctx));
      case "rich_text_list": return list(el, ctx);
      default: return h("div.rich-line", {}, section(el, ctx));
    }
  });
}

function list(el, ctx) {
  const ordered = el.style === "ordered";
  const node = h(ordered ? "ol" : "ul", { start: ordered && el.offset ? el.offset + 1 : undefined });
  node.style.marginInlineStart = `${(el.indent ?? 0) * 1.4}em`;
  node.dataset.indent = String((el.indent ?? 0) % 3);
  for (const item of el.elements ?? []) node.append(h("li", {}, item.type === "rich_text_list" ? list(item, ctx) : section(item, ctx)));
  return node;
}

const section = (el, ctx) => (el.elements ?? []).map((part) => inlinePart(part, ctx));

function inlinePart(part, ctx) {
  switch (part.type) {
    case "text": return styled(broken(part.text), part.style);
    case "link": return styled([link(part.url, part.text)], part.style);
    case "emoji": {
      const name = part.skin_tone ? `${part.name}::skin-tone-${part.skin_tone}` : part.name;
      const char = emoji(name);
      return char ? emojiNode(part.name, char) : `:${part.name}:`;
    }
    case "user": return styled([userNode(part.user_id, ctx)], part.style);
    case "channel": return styled([channelNode(part.channel_id, ctx)], part.style);
    case "usergroup": return h("span.mention", {}, `@${part.usergroup_id}`);
    case "broadcast": return h("span.mention.all", {}, `@${part.range}`);
    case "date": return h("time", {}, slackDate(part.timestamp, part.format ?? "{date}", ctx.zone, ctx.now()));
    case "color": return h("code", {}, part.value);
    default: return part.text ?? part.fallback ?? "";
  }
}

const broken = (text) => String(text ?? "").split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));

function styled(children, style = {}) {
  let nodes = children;
  for (const [on, tag] of [["code", "code"], ["strike", "s"], ["italic", "em"], ["bold", "strong"], ["underline", "u"]]) {
    if (style?.[on]) nodes = [h(tag, {}, nodes)];
  }
  return nodes;
}

// words → the rich_text value that a rich_text_input sends
export const richValue = (text) => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements: text ? [{ type: "text", text }] : [] }] });

// the words of a rich_text value, to fill an input again
export const richWords = (value) => (value?.elements ?? []).map((e) => (e.elements ?? []).map((p) => p.text ?? (p.elements ?? []).map((q) => q.text ?? "").join("")).join("")).join("\n");
