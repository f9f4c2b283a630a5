// Floating boxes beside what opened them: placed, closed by Esc or a press outside, and giving focus back.
import { h } from "./dom.js";

let open = null;

// popover(anchor, {class, label, role, width}) → {box, close(), onclose}
// Inside a modal it is a child of the modal, because everything outside is inert.
export function popover(anchor, { cls = "", role = "dialog", label = "", minWidth = 0, align = "start", onclose } = {}) {
  open?.close(false);
  const box = h(`div.popover${cls ? "." + cls : ""}`, { role, "aria-label": label || undefined });
  (anchor.closest("dialog") ?? document.body).append(box);
  anchor.setAttribute("aria-expanded", "true");
  const self = { box, anchor, close, place };

  function place() {
    const a = anchor.getBoundingClientRect();
    box.style.minWidth = `${Math.max(minWidth, 0)}px`;
    const b = box.getBoundingClientRect();
    const room = window.innerHeight - a.bottom - 12;
    const above = room < b.height && a.top > room;
    box.style.top = `${Math.max(8, above ? a.top - b.height - 6 : Math.min(a.bottom + 6, window.innerHeight - b.height - 8))}px`;
    const left = align === "end" ? a.right - b.width : a.left;
    box.style.left = `${Math.min(Math.max(8, left), Math.max(8, window.innerWidth - b.width - 8))}px`;
  }
  function close(refocus = true) {
    if (open !== self) return;
    open = null;
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", escape, true);
    window.removeEventListener("resize", place);
    box.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (refocus && anchor.isConnected) anchor.focus({ preventScroll: true });
    onclose?.();
  }
  const outside = (e) => {
    if (box.contains(e.target)) return;
    close(false);
    if (anchor.contains(e.target)) swallow(anchor);
  };
  const escape = (e) => {
    if (e.key !== "Escape") return;
    e.preventDefault();
    e.stopPropagation();
    close();
  };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
  window.addEventListener("resize", place);
  open = self;
  requestAnimationFrame(place);
  return self;
}

// A press on the button that opened the box closes it, and must not open it anew.
function swallow(anchor) {
  const stop = (e) => { e.stopPropagation(); e.preventDefault(); };
  anchor.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => anchor.removeEventListener("click", stop, { capture: true }), 400);
}

export const closePopover = () => open?.close(false);

// menu(anchor, [{label, value, danger, icon, description}], pick, label)
export function menu(anchor, items, pick, label) {
  const pop = popover(anchor, { cls: "menu", role: "menu", label, align: "end" });
  const rows = items.map((item) => h(`button.menu-item${item.danger ? ".danger" : ""}`, {
    type: "button", role: "menuitem", tabindex: "-1", data: { option: item.value ?? item.label },
    onclick: () => { pop.close(); pick(item); },
  }, item.icon, h("span", {}, item.label, item.description && h("small", {}, item.description))));
  pop.box.append(...rows);
  arrows(pop.box, () => rows);
  rows[0]?.focus();
  pop.place();
  return pop;
}

// arrows moves focus among items by arrow keys, Home and End; columns > 1 makes it a grid.
export function arrows(box, items, columns = 1) {
  box.addEventListener("keydown", (e) => {
    const all = items();
    const now = all.indexOf(document.activeElement);
    if (now < 0) return;
    const steps = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 };
    let to;
    if (e.key in steps) to = (now + steps[e.key] + all.length) % all.length;
    else if (e.key === "Home") to = 0;
    else if (e.key === "End") to = all.length - 1;
    else return;
    e.preventDefault();
    all[to].focus();
  });
}
