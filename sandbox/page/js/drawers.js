// On a phone the outer columns are drawers: opened by a button, closed by Esc, a press outside or a choice made inside.
import { h, icon } from "./dom.js";
import { t } from "./words.js";

export function mountDrawers(app) {
  const side = document.getElementById("side"), tools = document.getElementById("tools");
  const veil = h("div.veil", { onclick: () => close() });
  document.body.append(veil);
  const narrow = matchMedia("(max-width: 860px)");
  let back = null;

  const closers = [side, tools].map((drawer) => {
    const button = h("button.icon-button.drawer-close.phone", { type: "button", onclick: () => close() }, icon("close"));
    drawer.append(button);
    return button;
  });

  function open(which) {
    back = document.activeElement;
    document.body.dataset.drawer = which === side ? "side" : "tools";
    settle();
    which.querySelector("button:not(.drawer-close), a")?.focus();
  }
  function close() {
    if (!document.body.dataset.drawer) return;
    delete document.body.dataset.drawer;
    settle();
    if (back?.isConnected) back.focus({ preventScroll: true });
  }
  // What is out of sight is out of the tab order.
  function settle() {
    const now = document.body.dataset.drawer;
    side.inert = narrow.matches && now !== "side";
    tools.inert = narrow.matches && now !== "tools";
    document.getElementById("main").inert = narrow.matches && !!now;
  }
  narrow.addEventListener("change", () => { delete document.body.dataset.drawer; settle(); });
  document.addEventListener("keydown", (e) => { if (e.key === "Escape" && !e.defaultPrevented) close(); });
  app.hear("scene", (changed) => {
    if (changed.size < 5 && ["as", "channel", "thread"].some((what) => changed.has(what))) close();
    closers.forEach((b) => b.setAttribute("aria-label", t("drawer.close")));
    const words = { "#main": "skip.conversation", "#composer": "skip.composer", "#side": "skip.people", "#tools": "skip.tools" };
    for (const link of document.querySelectorAll(".skips a")) link.textContent = t(words[link.dataset.to]);
    tools.setAttribute("aria-label", t("tools.label"));
  });
  // The address after # is the scene, so skip links move the focus themselves.
  for (const link of document.querySelectorAll(".skips a")) {
    link.addEventListener("click", (e) => {
      e.preventDefault();
      const to = document.querySelector(link.dataset.to);
      (to?.matches("textarea") ? to : to?.querySelector("[tabindex='0'], button, a, input") ?? to)?.focus();
    });
  }
  settle();
  return { openSide: () => open(side), openTools: () => open(tools), close };
}
