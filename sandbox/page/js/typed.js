// Between what people type and what Slack keeps. The sandbox makes references of @names and #channels; here typed angle
// brackets are closed off first, so that <!channel> in a message box is text, as it is in Slack's own client.

// encodeTyped("5 < 6 @陈琳") → "5 &lt; 6 @陈琳"
export const encodeTyped = (text) => text.replace(/&(?=(?:amp|lt|gt);)/g, "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

// decodeTyped gives a kept text back as one would type it, to be edited.
export function decodeTyped(text, app) {
  const typed = text.replace(/<([^<>]+)>/g, (whole, body) => {
    const [head, label] = body.split("|");
    if (head.startsWith("@")) return `@${app.user(head.slice(1))?.name ?? label ?? head.slice(1)}`;
    if (head.startsWith("#")) return `#${app.channel(head.slice(1))?.name ?? label ?? head.slice(1)}`;
    const all = /^!(here|channel|everyone)$/.exec(head);
    if (all) return `@${all[1]}`;
    if (head.startsWith("!subteam^")) return label ?? head;
    return /^(https?:|mailto:)/.test(head) ? head : whole;
  });
  return typed.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}
