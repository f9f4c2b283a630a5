// What was entered on one surface (a modal, a Home tab, a message), in the shape of Slack's view.state.values.
// It outlives redrawing: an update of the view keeps what was typed where block_id and action_id stay the same.

export class Form {
  #values = new Map();

  // values are what the sandbox knows was entered before
  constructor(values) {
    for (const [block, actions] of Object.entries(values ?? {})) for (const [action, value] of Object.entries(actions ?? {})) if (value) this.set(block, action, value);
  }

  #key(block, action) { return `${block}\n${action}`; }
  has(block, action) { return this.#values.has(this.#key(block, action)); }
  get(block, action) { return this.#values.get(this.#key(block, action)); }
  set(block, action, value) { this.#values.set(this.#key(block, action), value); }

  // values() → {block_id: {action_id: {type, …}}} for the blocks shown
  values(blocks) {
    const shown = new Set(blocks.map((b) => b.block_id));
    const out = {};
    for (const [key, value] of this.#values) {
      const [block, action] = key.split("\n");
      if (!shown.has(block)) continue;
      (out[block] ??= {})[action] = value;
    }
    return out;
  }
}
