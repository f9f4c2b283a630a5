package services

import (
	"strings"
	"testing"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

func TestAMemberIsForgottenAndTheRecordStaysWhole(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		sheet := to.open(clinicSpec(models.Need{Role: "医生", Most: 1}))
		to.reply("ULI", sheet.Call.ID, Said{Meaning: "yes", Text: "+1"})
		to.reply("UWANG", sheet.Call.ID, Said{Meaning: "yes", Text: "+1"})
		to.reply("ULI", sheet.Call.ID, Said{Meaning: "late", Text: "堵在路上了"})
		li := to.personOf("ULI")
		held, err := to.svc.HeldAbout(t.Context(), to.by("ULI"))
		if err != nil || len(held.Kinds) == 0 || held.ForgetAt != 0 {
			t.Fatalf("%v %+v", err, held)
		}
		raw, err := to.svc.CopyToSend(t.Context(), models.Message{PersonID: li.ID})
		if err != nil || !strings.Contains(string(raw), "堵在路上了") || strings.Contains(string(raw), `"salt"`) {
			t.Errorf("%v, the copy: %s", err, raw)
		}

		_, err = to.svc.AskForget(t.Context(), to.by("ULI"))
		to.must(err)
		if kept, err := to.svc.KeepMe(t.Context(), to.by("ULI")); !kept || err != nil {
			t.Errorf("taken back: %v %v", kept, err)
		}
		if kept, err := to.svc.KeepMe(t.Context(), to.by("ULI")); kept || err != nil {
			t.Errorf("taken back twice: %v %v", kept, err)
		}
		at, err := to.svc.AskForget(t.Context(), to.by("ULI"))
		to.must(err)
		if again, err := to.svc.AskForget(t.Context(), to.by("ULI")); again != at || err != nil {
			t.Errorf("asked twice: %v %v, want %v", again, err, at)
		}
		to.must(st.InTx(t.Context(), func(tx *store.Tx) error {
			tenant, err := tx.Tenant(li.TenantID)
			if err != nil {
				return err
			}
			return to.svc.forgetDue(tx, models.Due{TenantID: tenant.ID, RefID: li.ID, Key: forgetKey(li.ID), Kind: models.DueForget, DueAt: at})
		}))

		to.must(st.Read(t.Context(), func(tx *store.Tx) error {
			gone, err := tx.Person(li.ID)
			if err != nil {
				return err
			}
			if gone.SlackID != nil || gone.Name != "" || !gone.Gone {
				t.Errorf("still somebody: %+v", gone)
			}
			kinds, err := tx.CopyOf(li.ID)
			for _, k := range kinds {
				if k.Kind == "word" {
					t.Errorf("words are left: %v", k.Rows)
				}
				if k.Kind == "answer" && k.Rows[0]["text"] != "" {
					t.Errorf("an answer is left: %v", k.Rows)
				}
			}
			return err
		}))
		if got := to.placeOf(sheet.Call.ID, "UWANG").State; got != models.SignupConfirmed && got != models.SignupOffered {
			t.Errorf("who waited: %s", got)
		}
		if b, err := st.Verify(t.Context(), li.TenantID); err != nil || !b.OK() {
			t.Errorf("verify: %v %v", b, err)
		}
		to.reply("ULI", sheet.Call.ID, Said{Meaning: "yes", Text: "+1"})
		if back := to.personOf("ULI"); back.ID == li.ID {
			t.Error("who comes back is the one who was forgotten")
		}
	})
}

func TestWhoIsOnSiteIsNotForgotten(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	sheet := to.open(clinicSpec(models.Need{Role: "医生", Most: 1}))
	to.reply("ULI", sheet.Call.ID, Said{Meaning: "yes", Text: "+1"})
	su := to.placeOf(sheet.Call.ID, "ULI")
	to.must(to.store.InTx(t.Context(), func(tx *store.Tx) error {
		su.State, su.CheckedIn = models.SignupCheckedIn, tx.Now
		return tx.Save(models.By{TenantID: su.TenantID, Action: "check_in"}, &su)
	}))
	if _, err := to.svc.AskForget(t.Context(), to.by("ULI")); models.CodeOf(err) != models.CodeConflict {
		t.Errorf("on site: %v", err)
	}
}
