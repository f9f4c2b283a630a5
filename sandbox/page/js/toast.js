// Short notes at the foot of the page: what was refused, and why. An error stays longer; none takes the focus.
import { h, icon } from "./dom.js";
import { t } from "./words.js";

export function mountToasts(app) {
  const box = h("div.toasts", { role: "alert", "aria-live": "assertive", data: { testid: "toasts" } });
  const live = h("div.hidden", { "aria-live": "polite", role: "status", data: { testid: "live" } });
  document.body.append(box, live);
  app.hear("toast", ({ words, kind }) => {
    const last = box.lastElementChild;
    if (last?.dataset.words === words) last.remove();
    const note = h(`div.toast.${kind}`, { data: { words, testid: "toast" } }, h("span", {}, words),
      h("button.icon-button", { type: "button", "aria-label": t("toast.close"), onclick: () => note.remove() }, icon("close")));
    // A modal makes everything outside it inert and covers it: the note then belongs inside.
    (document.querySelector("dialog[open]:last-of-type .dialog-notes") ?? box).append(note);
    setTimeout(() => note.remove(), kind === "error" ? 9000 : 4000);
    while (box.children.length > 3) box.firstElementChild.remove();
  });
  app.hear("announce", (words) => {
    live.textContent = "";
    requestAnimationFrame(() => { live.textContent = words; });
  });
}
