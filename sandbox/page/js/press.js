// A press may outlive what was pressed: where a redraw puts a new button in the place of one between the mouse going down
// and up, as when others sign up at the same moment, the browser sees no click. The successor at that spot takes it.

const pressable = (el) => el?.closest("button, a, [role=option]");

// What makes two nodes the same button; a message's blocks get new ids when it is updated.
const identity = (el) => JSON.stringify([{ ...el.dataset, blockId: "" }, el.closest("[data-ts]")?.dataset.ts]);

export function keepPresses() {
  let down = null;
  // A finger needs no help: a tap looks for what lies under it when it ends.
  document.addEventListener("pointerdown", (e) => {
    const el = e.pointerType === "mouse" && e.button === 0 ? pressable(e.target) : null;
    down = el && { el, identity: identity(el) };
  }, true);
  document.addEventListener("pointerup", (e) => {
    const was = down;
    down = null;
    if (!was || was.el.isConnected) return;
    const now = pressable(document.elementFromPoint(e.clientX, e.clientY));
    if (now && identity(now) === was.identity) now.click();
  }, true);
}
