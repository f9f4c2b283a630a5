// The question before an act: Block Kit's confirm object, and the page's own (deleting a message).
import { h } from "./dom.js";
import { textNode, plainText } from "./mrkdwn.js";
import { t } from "./words.js";

// confirm({title, text, confirm, deny, style}, ctx) → true or false
export function confirm(object, ctx) {
  const ok = h(`button.button.${object.style === "danger" ? "danger" : "primary"}`, { type: "submit", value: "yes", data: { testid: "confirm-ok" } }, plainText(object.confirm) || t("confirm.ok"));
  const no = h("button.button", { type: "submit", value: "", data: { testid: "confirm-cancel" } }, plainText(object.deny) || t("confirm.cancel"));
  const dialog = h("dialog.dialog.confirm", { "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text", data: { testid: "confirm" } },
    h("form", { method: "dialog" },
      h("h2", { id: "confirm-title" }, plainText(object.title)),
      h("div.confirm-text", { id: "confirm-text" }, textNode(object.text, ctx)),
      h("div.dialog-foot", {}, no, ok)));
  document.body.append(dialog);
  const before = document.activeElement;
  dialog.showModal();
  (object.style === "danger" ? no : ok).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before?.isConnected) before.focus({ preventScroll: true });
      resolve(dialog.returnValue === "yes");
    });
  });
}
