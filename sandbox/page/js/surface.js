// What the elements of a view need: its reader, its form, and a way to act upon it.
import { errorText } from "./words.js";

// viewSurface(app, form, view) for a modal or a Home tab; view() gives it as it stands now
export function viewSurface(app, form, view) {
  return {
    ...app.reader, app, form,
    act: async (what, fields) => {
      try {
        await app.act(what, { view_id: view().id, values: form.values(view().blocks ?? []), ...fields });
        return true;
      } catch (fault) {
        app.toast(errorText(fault));
        return false;
      }
    },
  };
}
