// Block Kit blocks as DOM. A block that is not known is shown as such, never silently left out.
import { h, icon, localImage, safeUrl } from "./dom.js";
import { element } from "./elements.js";
import { markdown } from "./markdown.js";
import { flat, plainText, textNode } from "./mrkdwn.js";
import { reconcile } from "./reconcile.js";
import { richText } from "./richtext.js";
import { t, lang } from "./words.js";

// drawBlocks(parent, blocks, ctx, errors) puts blocks into a node, keeping the nodes of those that did not change.
export function drawBlocks(parent, blocks, ctx, errors = {}) {
  const items = (blocks ?? []).map((block, i) => ({ block: block.block_id ? block : { ...block, block_id: `b${i}` }, i }));
  const seen = new Set();
  reconcile(parent, items, {
    key: ({ block, i }) => { const k = seen.has(block.block_id) ? `${block.block_id}#${i}` : block.block_id; seen.add(k); return k; },
    sig: ({ block }) => JSON.stringify([block, errors[block.block_id] ?? null, lang(), ctx.me]),
    build: ({ block }) => {
      const node = draw(block, ctx, errors[block.block_id]);
      node.dataset.block = block.type;
      node.dataset.blockId = block.block_id;
      return node;
    },
  });
}

const kinds = {
  section, header, divider: () => h("hr.block-divider"), context, actions, image, input, rich_text: richText,
  markdown: (block, ctx) => markdown(block.text, ctx), table, data_table: table, video, file: () => h("div.note", {}, t("msg.file")),
  context_actions: actions, alert, card,
};

function draw(block, ctx, error) {
  const make = Object.hasOwn(kinds, block.type) ? kinds[block.type] : null;
  if (!make) return h("div.block.note.warn", {}, t("block.unknown", { type: block.type }));
  const node = make(block, ctx, error);
  node.classList.add("block", `block-${block.type}`);
  return node;
}

function section(block, ctx) {
  const side = block.accessory && (block.accessory.type === "image" ? picture(block.accessory, "thumb") : element(block.accessory, block, ctx));
  return h("div", {},
    h("div.section-main", {}, block.text && h("div.text", {}, textNode(block.text, ctx)),
      block.fields && h("div.section-fields", {}, block.fields.map((f) => h("div.section-field", {}, textNode(f, ctx))))),
    side && h("div.section-side", {}, side));
}

function header(block) {
  return h(`h${block.level ? Math.min(block.level + 2, 6) : 3}`, {}, plainText(block.text));
}

function context(block, ctx) {
  return h("div", {}, (block.elements ?? []).map((el) => (el.type === "image" ? picture(el, "tiny") : h("span.context-text", {}, textNode(el, ctx)))));
}

function actions(block, ctx) {
  return h("div", { role: "group" }, (block.elements ?? []).map((el) => element(el, block, ctx)));
}

function picture(source, cls) {
  const url = localImage(source.image_url ?? source.slack_file?.url ?? (source.slack_file?.id ? `/sandbox/files/${encodeURIComponent(source.slack_file.id)}/image` : ""));
  if (url) return h(`img.${cls}`, { src: url, alt: source.alt_text ?? "", loading: "lazy" });
  return h(`span.${cls}.picture-off`, { role: "img", "aria-label": source.alt_text ?? "", title: t("image.blocked") }, cls === "big" ? `${source.alt_text ?? ""} · ${t("image.blocked")}` : (source.alt_text ?? "·").slice(0, 1));
}

function image(block) {
  return h("figure", {}, block.title && h("figcaption", {}, plainText(block.title)), picture(block, "big"));
}

function input(block, ctx, error) {
  const el = block.element ?? {};
  const many = ["checkboxes", "radio_buttons", "file_input"].includes(el.type);
  const field = element(el, block, ctx);
  const id = `e-${block.block_id}`;
  if (error) { field.setAttribute("aria-invalid", "true"); field.setAttribute("aria-describedby", id); }
  const name = [plainText(block.label), block.optional && h("span.optional", {}, " ", t("input.optional"))];
  return h(`div${error ? ".has-error" : ""}`, {},
    many ? h("div.input-label", {}, h("span", {}, name)) : h("label.input-label", {}, h("span", {}, name), field),
    many && field,
    error && h("p.input-error", { id, role: "alert", data: { testid: "input-error" } }, error),
    block.hint && h("p.input-hint", {}, textNode(block.hint, ctx)));
}

function cellNode(cell, ctx) {
  if (!cell) return "";
  if (cell.type === "rich_text") return richText(cell, ctx);
  if (cell.type === "raw_text" || cell.type === "raw_number") return String(cell.text ?? cell.value ?? "");
  if (cell.text) return textNode(cell.text, ctx);
  return "";
}

function table(block, ctx) {
  const [head, ...body] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const cell = (tag) => (c, i) => {
    const s = settings[i] ?? {};
    const node = h(`${tag}.align-${["left", "center", "right"].includes(s.align) ? s.align : "left"}`, { scope: tag === "th" ? "col" : undefined }, cellNode(c, ctx));
    if (s.is_wrapped === false) node.classList.add("no-wrap");
    return node;
  };
  return h("div.table-wrap", { tabindex: "0" }, h("table", {}, block.caption && h("caption", {}, plainText(block.caption)),
    head && h("thead", {}, h("tr", {}, head.map(cell("th")))), h("tbody", {}, body.map((row) => h("tr", {}, row.map(cell("td")))))));
}

function video(block, ctx) {
  const url = safeUrl(block.title_url ?? block.video_url ?? "");
  const words = plainText(block.title);
  return h("div.note", {}, url ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words) : words, block.description && h("p", {}, textNode(block.description, ctx)));
}

function alert(block, ctx) {
  const strong = block.level === "error" || block.level === "warning";
  return h(`div.note.${strong ? "warn" : "plain"}`, { role: "note" }, textNode(block.text, ctx));
}

function card(block, ctx) {
  return h("div.inner-card", {}, block.title && h("strong", {}, textNode(block.title, ctx)), block.subtitle && h("small", {}, textNode(block.subtitle, ctx)),
    block.body && h("div", {}, textNode(block.body, ctx)), block.actions && h("div.block-actions", {}, block.actions.map((el) => element(el, block, ctx))));
}

// files(list) draws what was uploaded with a message.
export function files(list) {
  return (list ?? []).map((f) => {
    const url = localImage(f.url_private ?? f.url ?? f.permalink ?? "");
    const name = f.title || f.name || t("msg.file");
    if (url && /^image\//.test(f.mimetype ?? "")) return h("a.file-image", { href: url, target: "_blank", rel: "noopener" }, h("img.big", { src: url, alt: f.alt_txt || name, loading: "lazy" }));
    return h(url ? "a.file" : "span.file", { href: url ?? undefined, download: url ? f.name ?? "" : undefined }, icon("file"), h("span", {}, name, f.size ? h("small", {}, ` ${Math.max(1, Math.round(f.size / 1024))} KB`) : ""));
  });
}

// gist tells in a line what a message says, for the live region and labels.
export function gist(message, ctx) {
  const words = flat(message.text ?? "", ctx);
  return words.length > 160 ? `${words.slice(0, 159)}…` : words;
}

