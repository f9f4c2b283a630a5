// Text fields of input blocks: plain, multi-line, e-mail, address, number, rich text.
import { api } from "./api.js";
import { h, clear, icon } from "./dom.js";
import { plainText } from "./mrkdwn.js";
import { initial } from "./options.js";
import { richValue, richWords } from "./richtext.js";
import { errorText, t } from "./words.js";

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

// fileInput uploads what is chosen at once, as Slack does; the form keeps the files' ids.
export function fileInput(el, block, ctx) {
  const most = el.max_files ?? 10;
  const kinds = (el.filetypes ?? []).map((k) => `.${k}`).join(",");
  const kept = () => ctx.form.get(block.block_id, el.action_id)?.files ?? [];
  const keep = (files) => { ctx.form.set(block.block_id, el.action_id, { type: el.type, files }); draw(); };
  const pick = h("input", { type: "file", multiple: most > 1, accept: kinds || undefined, hidden: true, data: { actionId: el.action_id, testid: "block-file" }, "aria-label": plainText(block.label) });
  const open = h("button.button", { type: "button", data: { focus: el.action_id }, onclick: () => pick.click() }, t("input.file.choose"));
  const list = h("ul.file-list", {});
  const note = h("p.input-error", { role: "alert", hidden: true });
  const draw = () => {
    clear(list, kept().map((f) => h("li.chip", {}, icon("file"), h("span", {}, f.name ?? f.id),
      h("button.icon-button", { type: "button", "aria-label": t("input.file.remove", { name: f.name ?? f.id }), onclick: () => keep(kept().filter((o) => o.id !== f.id)) }, icon("close")))));
    open.disabled = kept().length >= most;
  };
  pick.addEventListener("change", async () => {
    const chosen = [...pick.files].slice(0, most - kept().length);
    pick.value = "";
    note.hidden = true;
    for (const file of chosen) {
      try {
        const done = await api.upload(ctx.app.scene.as, file);
        keep([...kept(), { id: done.id, name: done.name }]);
      } catch (fault) { note.textContent = errorText(fault); note.hidden = false; }
    }
  });
  draw();
  return h("div.file-input", {}, list, open, pick, note);
}
