package handlers

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/store"
	"muster/views"
)

// Every button that study has.
func studyButtons() []string {
	return []string{
		views.ActionStudyAttend, views.ActionStudySlot, views.ActionStudySlotPick, views.ActionStudyCheckIn, views.ActionStudyDone, views.ActionStudySnooze,
		views.ActionSnoozePick, views.ActionStudyMakeup, views.ActionStudyExcuse, views.ActionExcuseYes, views.ActionExcuseNo, views.ActionStudyHeld,
		views.ActionStudyMoved, views.ActionStudyNotHeld, views.ActionLeaveEnd, views.ActionStudyCode, views.ActionStudyWho, views.ActionStudyRoll,
		views.ActionStudyRollPage, views.ActionStudyRollUnit, views.ActionStudyContest, views.ActionStudyAgree, views.ActionStudyEdit, views.ActionStudySkip,
		views.ActionStudyMove, views.ActionStudyLater, views.ActionMonthPost, views.ActionStudyDraft, views.ActionStudyDraftRoom, views.ActionStudyOnlyNext,
		views.ActionStudyOpen, views.ActionProofFor, views.ActionMakeupRead, views.ActionMakeupBack, views.ActionMakeupsMore, views.ActionQuiz, views.ActionQuizDrop,
		views.ActionFewer, views.ActionFewerPick, views.ActionFewerUndo, views.ActionHolidayAdd, views.ActionHolidayDelete, views.ActionHolidayYear,
		views.ActionDuties, views.ActionDutyShow, views.ActionDutyPlan, views.ActionDutyHeld, views.ActionDutyCorrect, views.ActionDutySettings, views.ActionDutyAdd,
		views.ActionDutyEdit, views.ActionDutyPreset, views.ActionLibraryItem, views.ActionLibraryEdit, views.ActionLibraryDelete, views.ActionLibraryPush,
		views.ActionReaders, views.ActionYear, views.ActionYearNames, views.ActionYearFile, views.ActionExempt, views.ActionStudyRecord, views.ActionRemindYes,
		views.ActionRemindNo, views.ActionRemindDelete, views.ActionRemindWhen,
	}
}

func studyUndoPrefixes() []string {
	return []string{views.UndoStudy, views.UndoStudySkip, views.UndoStudyOpen, views.UndoStudyBack, views.UndoOccurrence, views.UndoMakeupBack, views.UndoMaterial,
		views.UndoRemind, views.UndoRemindDel, views.UndoDutyAdded, views.UndoDutyDeleted, views.UndoDutyPreset, views.UndoDutyRecord, views.UndoExempt,
		views.UndoHolidaySet, views.UndoHolidayDrop}
}

func studyForms() []string {
	return []string{views.ModalExcuse, views.ModalExcuseNo, views.ModalMove, views.ModalMoveOne, views.ModalMakeup, views.ModalMakeupBack, views.ModalQuiz,
		views.ModalHoliday, views.ModalDuty, views.ModalDutyHeld, views.ModalMaterial, views.ModalPush, views.ModalExempt, views.ModalRoll}
}

// What the people of the east branch wrote, for their leader's eyes.
const (
	secretWords  = "骑手互相照看，遇到暴雨先保证安全再送餐，这次案例让我学到了很多东西。"
	secretExcuse = "家人手术的事"
	secretExempt = "住院三个月"
)

// busyBranch has a row of everything that study keeps: of the east branch, as
// its leader (Uchen, also admin), of Uli and USUN. UHE leads the west branch,
// UQIAN is its member, UVIEW may read its figures, UGUEST is a guest of Slack.
func busyBranch(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	err := d.svc.Enrol(t.Context(), "T1", []services.UnitRow{{Name: "城西支部", Leader: "UHE"}}, []services.MemberRow{
		{Slack: "USUN", Name: "孙悦", Unit: "城东支部"}, {Slack: "UHE", Name: "何军", Unit: "城西支部"}, {Slack: "UQIAN", Name: "钱进", Unit: "城西支部"}})
	if err != nil {
		t.Fatal(err)
	}
	d.person("UGUEST", func(p *models.Person) { p.Guest = true })
	for _, l := range [][2]string{
		{"role <@UVIEW> viewer 城西支部", "<@UVIEW>"}, {"学习 案例 | 时间: 周三 19:30 | 范围: 城东支部", "#s1"}, {"学习 研讨 | 时间: 每周四 19:30 | 范围: 城东支部 | 场次: 周五 9:00", "#s2"},
		{"学习 材料 加 安全手册 | 链接: https://example.org/b", "b1"}, {"学习 推送 b1 | 范围: 城东支部 | 截止: 12月5日", "安全手册"}, {"学习 节假日 加 12月1日 休 建站日", "建站日"},
		{"学习 组织生活 加 党员大会 | 每季度", "已设"}, {"学习 免学 <@USUN> 2026 " + secretExempt, "孙悦"}, {"remind <@USUN> 带工牌, 12月2日 9:00", "带工牌"},
	} {
		if got := d.say("Uchen", l[0]); !strings.Contains(whole(got), l[1]) {
			t.Fatalf("%s: %s", l[0], whole(got))
		}
	}
	d.say("Uli", "me calendar")
	d.until("2026-11-25 19:40")
	d.press("USUN", views.ActionStudyCheckIn)
	d.say("Uchen", "study s1 code")
	d.until("2026-11-25 21:30")
	has(t, d.say("Uchen", "study s1 roll <@USUN>"), "点名")
	mine := fmt.Sprint(d.attendanceOf("Uli").ID)
	has(t, d.sendsForm("Uli", views.ModalMakeup, mine, map[string][]string{views.FieldReflection: {secretWords}}), "学时")
	d.until("2026-11-26 10:00")
	excuse := d.press("Uli", views.ActionStudyExcuse)
	if excuse.Modal == nil {
		t.Fatalf("no form: %+v", excuse)
	}
	d.sendsForm("Uli", views.ModalExcuse, excuse.Modal.PrivateMetadata, map[string][]string{views.FieldReason: {secretExcuse}})
	d.beat()
	return d
}

// whole is everything of a reply that somebody could read.
func whole(r bot.Reply) string {
	var out strings.Builder
	words := json.NewEncoder(&out)
	words.SetEscapeHTML(false)
	_ = words.Encode([]any{r.Text, r.Blocks, r.Modal, r.Errors}) // into memory
	return out.String()
}

// person is somebody's row; change is made to it first.
func (d *desk) person(slack string, change func(*models.Person)) (id int64) {
	d.t.Helper()
	err := d.st.InTx(d.t.Context(), func(tx *store.Tx) error {
		p, err := tx.EnsurePerson(1, slack)
		if err == nil && change != nil {
			change(&p)
			err = tx.Save(models.By{TenantID: 1, Action: "test"}, &p)
		}
		id = p.ID
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

// trail is what the record holds, an entry a line.
func (d *desk) trail() (out []string) {
	d.t.Helper()
	for n := 1; n > 0; {
		var err error
		if n, err = d.st.Seal(d.t.Context(), 1); err != nil {
			d.t.Fatal(err)
		}
	}
	err := d.st.Read(d.t.Context(), func(tx *store.Tx) error {
		rows, err := tx.SealedAfter(1, 0, 0, 0, 100000)
		for _, e := range rows {
			if e.Action != "export" { // of one's own unit
				out = append(out, fmt.Sprintf("%d %s %s %d", e.ActorID, e.Action, e.Thing, e.ThingID))
			}
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

// Every button and form of study with the rows of another branch, by the leader
// and a member of the next one, by who may only read figures there, by a guest
// of Slack, and by an admin of another workspace: nothing of it changes
// anything, opens a form of somebody's, or shows what somebody wrote.
func TestForgedPressesOnStudyChangeAndShowNothing(t *testing.T) {
	t.Parallel()
	d := busyBranch(t)
	var values []string
	for _, id := range []int{1, 2, 4} {
		for _, shape := range []string{"%d", "m%d", "%d@0", "%d:1", "1:%d", "%d:2026:0", "came:%d"} {
			values = append(values, fmt.Sprintf(shape, id))
		}
	}
	own := map[string]bool{ // what the west branch's leader may open for their own, and anybody for themselves
		views.ActionDutyPlan: true, views.ActionDutyHeld: true, views.ActionDutyCorrect: true, views.ActionLibraryPush: true, views.ActionExempt: true,
	}
	press := func(team, who string, r bot.Request) {
		r.Team, r.User, r.Channel, r.Direct, r.TS, r.TriggerID = team, who, "D"+who, true, "1.1", "trigger"
		d.acts++
		r.Delivery = fmt.Sprintf("trg:%d", d.acts)
		what := fmt.Sprintf("%s %q%q by %s of %s", r.Name, r.Value, r.View.Private, who, team)
		reply, err := d.router.Route(t.Context(), r)
		if models.CodeOf(err) == models.CodeInternal {
			t.Fatalf("%s: %v", what, err)
		}
		if said := whole(reply); strings.Contains(said, secretWords) || strings.Contains(said, secretExcuse) || strings.Contains(said, secretExempt) ||
			strings.Contains(said, "<@USUN>") || strings.Contains(said, "李师傅") {
			t.Errorf("%s shows %s", what, said)
		}
		if reply.Modal != nil && (team == "T1" && (who != "UHE" || !own[r.Name])) && reply.Modal.CallbackID != views.ModalMaterial {
			t.Errorf("%s opens %s", what, reply.Modal.CallbackID)
		}
	}
	before := d.trail()
	for _, who := range [][2]string{{"T1", "UHE"}, {"T1", "UQIAN"}, {"T1", "UVIEW"}, {"T1", "UGUEST"}, {"T2", "Uchen"}} {
		for _, v := range values {
			for _, action := range studyButtons() {
				press(who[0], who[1], bot.Request{Kind: bot.KindAction, Name: action, ActionID: action, Value: v, Selected: []string{v}, BlockID: "study_draft:" + v})
			}
			for _, undo := range studyUndoPrefixes() {
				press(who[0], who[1], bot.Request{Kind: bot.KindAction, Name: views.ActionUndo, ActionID: views.ActionUndo, Value: undo + v})
			}
			for _, form := range studyForms() {
				if who[1] == "UHE" && form == views.ModalDutyHeld {
					continue // what their own branch held is theirs to enter
				}
				if who[0] == "T2" && (form == views.ModalHoliday || form == views.ModalDuty || form == views.ModalMaterial) {
					continue // an admin there makes new ones for their own
				}
				for _, private := range []string{v, "study:" + v} {
					press(who[0], who[1], bot.Request{Kind: bot.KindSubmission, Name: form, View: bot.View{ID: "V1", Callback: form, Private: private}, Fields: map[string][]string{
						views.FieldReason: {"unwell"}, views.FieldWhen: {"Fri 9:00"}, views.FieldReflection: {strings.Repeat("words ", 20)},
						views.FieldDutyDay: {"2026-11-18"}, views.FieldDutyTimes: {"1"}, views.FieldDutyEvery: {"month"}}})
				}
			}
		}
	}
	if diff := cmp.Diff(before, d.trail()); diff != "" {
		t.Errorf("the record has more:\n%s", diff)
	}
}

// What somebody may not do with a branch's session names who leads it.
func TestARefusalNamesTheLeader(t *testing.T) {
	t.Parallel()
	d := busyBranch(t)
	has(t, d.say("UHE", "学习 西学 | 时间: 周五 19:30 | 范围: 城西支部"), "#s4")
	for _, line := range []string{"study s4 skip", "study s4 move Sat 9:00", "study s4 edit where: 2nd floor", "study s4 code", "study s4 delete", "学习 s4 点名", "学习 s4 已开展"} {
		got := d.say("UQIAN", line).Text
		if !strings.Contains(got, "<@UHE>") || strings.Contains(got, "\n") {
			t.Errorf("%s: %q", line, got)
		}
	}
	form := d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionStudyMoved, ActionID: views.ActionStudyMoved, Value: "1", User: "UQIAN", Channel: "DUQIAN", Direct: true})
	if form.Modal != nil || !strings.Contains(form.Text, "<@Uchen>") {
		t.Errorf("a form to move it: %+v", form)
	}
}
