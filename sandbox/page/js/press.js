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
    console.warn('DOWN', e.pointerType, e.button, e.clientX, e.clientY, e.target.outerHTML.slice(0,150));
    down = el && { el, identity: identity(el) };
  }, true);
  document.addEventListener('click', (e) => console.warn('CLICK', e.isTrusted, e.target.outerHTML.slice(0,100)), true);
  document.addEventListener('pointercancel', () => console.warn('CANCEL'), true);
  document.addEventListener("pointerup", (e) => {
    const was = down;
    down = null;
    console.warn('UP', e.pointerType, e.clientX, e.clientY, was ? was.identity : 'nothing', was?.el.isConnected, document.elementFromPoint(e.clientX, e.clientY)?.outerHTML.slice(0,200));
    if (!was || was.el.isConnected) return;
    const now = pressable(document.elementFromPoint(e.clientX, e.clientY));
    if (now && identity(now) === was.identity) now.click();
  }, true);
}
