package handlers

import (
	"context"
	"fmt"
	"strings"

	"muster/bot"
	"muster/models"
	"muster/views"
)

// undoFunc takes back what a message reports; id is the row its button names.
type undoFunc func(ctx context.Context, r bot.Request, id int64) (bot.Reply, error)

// registerUndo gives the one undo button to the feature that its value names:
// "signup:12".
func (h *Handlers) registerUndo(r *bot.Router) {
	all := map[string]undoFunc{views.UndoCall: h.undoClose, views.UndoCancel: h.undoCancel, views.UndoSignup: h.undoSignup}
	for _, some := range []map[string]undoFunc{h.studyUndoes(), h.makeupUndoes(), h.libraryUndoes(), h.remindUndoes(), h.onsiteUndoes(), h.dutyUndoes(), h.yearUndoes(), h.holidayUndoes()} {
		for prefix, undo := range some {
			if all[prefix] != nil {
				panic(fmt.Sprintf("two undoes for %q", prefix))
			}
			all[prefix] = undo
		}
	}
	r.On(bot.KindAction, views.ActionUndo, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		what, row, _ := strings.Cut(r.Value, ":")
		undo := all[what+":"]
		if undo == nil { // forged, or of a version that is gone
			return bot.Reply{}, models.Refuse(models.CodeConflict, "error.nothing_to_undo")
		}
		return undo(ctx, r, rowID(row))
	})
}
