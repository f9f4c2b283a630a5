// A list to choose from with a filter above it (ARIA combobox with listbox): people, select menus, direct messages.
import { h, clear, icon } from "./dom.js";
import { popover } from "./popover.js";
import { t } from "./words.js";

let serial = 0;

// pick(anchor, {label, placeholder, options, chosen, multi, max, onpick, onclose, testid, wide})
//   options: [{value, label, detail, lead (node maker), group, words (extra search words), data}]
//   single: onpick(option) once; multi: onpick(Set of values) at each change
export function pick(anchor, { label, placeholder, options, chosen = new Set(), multi = false, max = Infinity, onpick, onclose, testid, cls = "" }) {
  const id = `list-${++serial}`;
  const pop = popover(anchor, { cls: `picker${cls ? "." + cls : ""}`, label, minWidth: Math.max(220, anchor.getBoundingClientRect().width), onclose });
  const input = h("input", {
    type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": id, "aria-autocomplete": "list", "aria-label": label,
    placeholder: placeholder ?? t("select.search"), autocomplete: "off", spellcheck: "false", data: { testid: testid ? `${testid}-search` : undefined },
  });
  const list = h("ul.options", { id, role: "listbox", "aria-label": label, "aria-multiselectable": multi ? "true" : undefined });
  pop.box.append(h("div.picker-search", {}, icon("search"), input), list);
  if (multi) pop.box.append(h("div.picker-foot", {}, h("button.button.small", { type: "button", onclick: () => pop.close() }, t("select.done"))));

  const picked = new Set(chosen);
  let shown = [], active = 0;

  function draw() {
    const wanted = input.value.trim().toLowerCase();
    shown = options.filter((o) => !wanted || `${o.label} ${o.detail ?? ""} ${o.words ?? ""}`.toLowerCase().includes(wanted));
    active = Math.min(active, Math.max(0, shown.length - 1));
    let group;
    const rows = [];
    shown.forEach((o, i) => {
      if (o.group !== group) { group = o.group; if (group) rows.push(h("li.option-group", { role: "presentation" }, group)); }
      rows.push(row(o, i));
    });
    clear(list, rows.length ? rows : h("li.option-none", { role: "presentation" }, t("select.none")));
    mark();
  }
  function row(o, i) {
    const on = picked.has(o.value);
    return h("li.option", {
      id: `${id}-${i}`, role: "option", "aria-selected": String(on), data: { option: o.value, ...o.data },
      onpointermove: () => { if (active !== i) { active = i; mark(); } },
      onclick: () => take(o),
    }, o.lead?.(), h("span.option-text", {}, h("span", {}, o.label), o.detail && h("small", {}, o.detail)), on && icon("check"));
  }
  function mark() {
    for (const el of list.querySelectorAll(".option")) el.classList.toggle("active", el.id === `${id}-${active}`);
    input.setAttribute("aria-activedescendant", shown.length ? `${id}-${active}` : "");
  }
  function take(o) {
    if (!o) return;
    if (!multi) { pop.close(); onpick(o); return; }
    if (picked.has(o.value)) picked.delete(o.value);
    else if (picked.size < max) picked.add(o.value);
    onpick(new Set(picked));
    draw();
    input.focus();
  }
  function move(step) {
    if (!shown.length) return;
    active = (active + step + shown.length) % shown.length;
    mark();
    list.querySelector(".option.active")?.scrollIntoView({ block: "nearest" });
  }
  input.addEventListener("input", () => { active = 0; draw(); pop.place(); });
  input.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (e.key in steps) { e.preventDefault(); move(steps[e.key]); } else if (e.key === "Enter") { e.preventDefault(); take(shown[active]); } else if (e.key === "Tab") pop.close();
  });
  active = Math.max(0, options.findIndex((o) => picked.has(o.value)));
  draw();
  pop.place();
  input.focus({ preventScroll: true });
  list.querySelector(".option.active")?.scrollIntoView({ block: "nearest" });
  return pop;
}
