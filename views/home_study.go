package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// ActionStudyRecord asks the leader again whether a session was held; value is
// the row id of the occurrence.
const ActionStudyRecord = "study_record"

// studyHands are what waits for a leader in the study they lead: first people
// who wait for an answer, then sessions without a record, then make-ups.
func (p *Printer) studyHands(hands []models.StudyHand) [][]slack.Block {
	var rows [][]slack.Block
	for _, h := range hands {
		when, id := p.DayClock(h.Occurrence.Start.Time()), rowID(h.Occurrence.ID)
		head := "*" + Title(h.Occurrence.Title(h.Study)) + "* (" + studyRef(h.Study) + ")\n"
		switch h.Kind {
		case models.HandExcuse:
			why, id := "", rowID(h.Attendance.ID)
			if reason := strings.TrimSpace(h.Attendance.Reason); reason != "" {
				why = p.T("home.hand_excuse_why", "Reason", words(reason, 200))
			}
			text := head + p.T("home.hand_excuse", "Who", personName(h.Person, 0), "When", when, "Reason", why)
			rows = append(rows, []slack.Block{Section(text), Actions(Button(ActionExcuseYes+":"+id, id, p.T("study.excuse_yes"), ""),
				Button(ActionExcuseNo+":"+id, id, p.T("study.excuse_no"), ""))})
		case models.HandOn:
			m := PlanModel{Study: h.Study, Manages: true, On: h.Occurrence}
			rows = append(rows, append([]slack.Block{Section(head + p.T("roll.hand_on", "When", when))}, p.leadRow(m, ":"+id)...))
		case models.HandRecord:
			rows = append(rows, one(head+p.T("home.hand_record", "When", when), Button(ActionStudyRecord+":"+id, id, p.T("home.record"), "")))
		case models.HandMakeups:
			rows = append(rows, one(head+p.T("home.hand_makeups", "When", when, "N", h.N), Button(ActionMakeupsMore+":"+id, id+"@0", p.T("home.makeups"), "")))
		case models.HandDuties:
			rows = append(rows, p.dutyHand(h))
		}
	}
	return rows
}
