// Keyed updates in place: what has not changed keeps its node, and so its focus, scroll position and half-typed text.

// reconcile(parent, items, {key, sig, build, changed})
//   key(item) names it, sig(item) is what it looks like; build(item) makes the node; changed(node, item, old) may mark it.
export function reconcile(parent, items, { key, sig, build, changed }) {
  const focus = rememberFocus(parent);
  const old = new Map();
  for (const child of parent.children) if (child.dataset.key !== undefined) old.set(child.dataset.key, child);
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const k = String(key(item));
    const s = sig(item);
    let node = old.get(k);
    old.delete(k);
    if (!node || node.shownAs !== s) {
      const fresh = build(item);
      fresh.dataset.key = k;
      fresh.shownAs = s;
      if (node) {
        if (cursor === node) cursor = fresh;
        node.replaceWith(fresh);
        changed?.(fresh, item, node);
      }
      node = fresh;
    }
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
  for (const gone of old.values()) gone.remove();
  restoreFocus(parent, focus);
}

function rememberFocus(root) {
  const el = document.activeElement;
  if (!el || el === root || !root.contains(el)) return null;
  return { el, marks: marksOf(el, root), start: el.selectionStart, end: el.selectionEnd, value: el.value };
}

// marksOf names an element by the keys and hooks on its way up, so that its successor can be found after a redraw.
function marksOf(el, root) {
  const marks = [];
  for (let at = el; at && at !== root; at = at.parentElement) {
    for (const name of ["data-focus", "data-key", "data-option", "data-testid"]) {
      if (at.hasAttribute(name)) { marks.unshift(`[${name}="${CSS.escape(at.getAttribute(name))}"]`); break; }
    }
  }
  return marks;
}

// A message's blocks get new ids when it is updated, so the way may be cut down to its two ends; else the row itself is taken.
function restoreFocus(root, focus) {
  if (!focus) return;
  const { el: old, marks } = focus;
  const find = (path) => (path.length ? root.querySelector(path.join(" ")) : null);
  const el = old.isConnected ? old : find(marks) ?? find([marks[0], marks.at(-1)].filter(Boolean)) ?? find(marks.slice(0, 1));
  if (!el) return;
  if (document.activeElement !== el) el.focus({ preventScroll: true });
  if (typeof focus.start === "number" && el.setSelectionRange && el.value === focus.value) {
    try { el.setSelectionRange(focus.start, focus.end); } catch { /* number and date fields have no selection */ }
  }
}
