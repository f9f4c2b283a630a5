// Text fields of input blocks: plain, multi-line, e-mail, address, number, rich text.
import { h } from "./dom.js";
import { plainText } from "./mrkdwn.js";
import { initial } from "./options.js";
import { richValue, richWords } from "./richtext.js";

const kinds = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "text" };

export function textInput(el, block, ctx, change) {
  const form = ctx.form;
  if (!form.has(block.block_id, el.action_id)) form.set(block.block_id, el.action_id, initial(el));
  const kept = form.get(block.block_id, el.action_id);
  const rich = el.type === "rich_text_input";
  const words = rich ? richWords(kept.rich_text_value) : kept.value ?? "";
  const many = rich || el.multiline;
  const state = () => (rich ? { type: el.type, rich_text_value: node.value ? richValue(node.value) : null } : { type: el.type, value: node.value === "" ? null : node.value });
  const when = el.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const node = h(many ? "textarea.field" : "input.field", {
    type: many ? undefined : kinds[el.type], rows: many ? "4" : undefined, placeholder: plainText(el.placeholder), "aria-label": plainText(block.label),
    maxlength: el.max_length, inputmode: el.type === "number_input" ? (el.is_decimal_allowed ? "decimal" : "numeric") : undefined,
    autocomplete: "off", data: { actionId: el.action_id, focus: el.action_id, testid: "block-input" }, value: String(words),
    oninput: () => {
      form.set(block.block_id, el.action_id, state());
      if (block.dispatch_action && when.includes("on_character_entered")) change(el, block, ctx, state(), node);
    },
    onkeydown: (e) => {
      if (e.key !== "Enter" || e.isComposing || many) return;
      if (block.dispatch_action && when.includes("on_enter_pressed")) { e.preventDefault(); change(el, block, ctx, state(), node); }
    },
  });
  if (el.focus_on_load) node.setAttribute("autofocus", "");
  return node;
}
