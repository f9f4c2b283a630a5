package views

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/models"
)

// drillSheet is a rehearsal with one person in each state.
func drillSheet() (models.Sheet, []models.Response) {
	s := floodSheet()
	s.Call.Drill, s.Call.Urgent, s.Call.State = true, false, models.CallClosed
	s.People[6] = callPerson(6, "Gao")
	s.Asks = []*models.Ask{{ID: 1}}
	at := func(m int) models.Instant { return callNow.Add(time.Duration(m) * time.Minute) }
	return s, []models.Response{
		{PersonID: 2, State: models.ResponseYes, AskedAt: at(0), AnsweredAt: at(1)},
		{PersonID: 3, State: models.ResponseYes, AskedAt: at(0), AnsweredAt: at(4)},
		{PersonID: 4, State: models.ResponseLater, AskedAt: at(0), AnsweredAt: at(6)},
		{PersonID: 5, State: models.ResponseNo, AskedAt: at(10), AnsweredAt: at(12)},
		{PersonID: 1, State: models.ResponseNone, AskedAt: at(10)},
		{PersonID: 6, State: models.ResponseUndelivered},
	}
}

func TestHowPeopleAnsweredAsTheOrganizerSeesIt(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		s, rows := drillSheet()
		m := p.Report(s, rows, true)
		checkMessage(t, m)
		golden(t, "report_"+lang, map[string]any{"text": m.Text, "blocks": m.Blocks})
		pic, err := p.ResponseCurve(s, rows)
		if err != nil || len(pic.PNG) == 0 {
			t.Fatalf("picture of %d bytes: %v", len(pic.PNG), err)
		}
		golden(t, "report_curve_"+lang, map[string]any{"name": pic.Name, "title": pic.Title, "alt": pic.Alt, "text": pic.Text})
	}
}

func TestAReportOfNobodyHasNoPicture(t *testing.T) {
	t.Parallel()
	s, _ := drillSheet()
	p := callPrinter(t, "zh")
	pic, err := p.ResponseCurve(s, []models.Response{{PersonID: 6, State: models.ResponseUndelivered}})
	if err != nil || pic.PNG != nil {
		t.Errorf("a picture of nothing: %d bytes, %v", len(pic.PNG), err)
	}
	checkMessage(t, p.Report(s, nil, true))
}

func TestALongReachListIsCutInTheMessageAndWholeInTheFile(t *testing.T) {
	t.Parallel()
	s, _ := drillSheet()
	var rows []models.Response
	for i := range 3000 {
		s.People[int64(i)] = callPerson(int64(i), strings.Repeat("长", 30)+fmt.Sprint(i))
		rows = append(rows, models.Response{PersonID: int64(i), State: models.ResponseStates[i%5], AskedAt: callNow, AnsweredAt: callNow})
	}
	if ReportWhole(rows) {
		t.Error("three thousand people are said to fit")
	}
	for _, lang := range []string{"zh", "en"} {
		checkMessage(t, callPrinter(t, lang).Report(s, rows, true))
	}
	if got := ReachListRow(s, models.Response{PersonID: 7, State: models.ResponseYes, AskedAt: callNow, AnsweredAt: callNow.Add(90 * time.Second)}); fmt.Sprintf("%v %v %v %v", got[0], got[1], got[3], got[6]) != "k13 U7 yes 2" {
		t.Errorf("a row of the file: %v", got)
	}
}
