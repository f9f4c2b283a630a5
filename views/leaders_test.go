package views

import (
	"strings"
	"testing"

	"muster/models"
)

func TestALeaderboardNamesWhoAgreedAndRingsNobody(t *testing.T) {
	t.Parallel()
	u := "U1"
	m := voiceWeek()
	m.Now.Leaders = []models.Leader{{Rank: 1, PersonID: 2, Minutes: 750}, {Rank: 1, PersonID: 3, Minutes: 750}, {Rank: 3, PersonID: 4, Minutes: 60}, {Rank: 4, PersonID: 5, Minutes: 30}}
	people := map[int64]models.Person{2: {Name: "王强", SlackID: &u}, 3: {Name: "*Li* <@U9>"}, 4: {Name: "Ann"}}
	m.Leaders = LeadersOf(m.Now, people)
	m.Now.LeadersTied = 2
	for lang, want := range map[string]string{
		"zh": "时长榜   1. 王强 12.5 小时 · 1. ",
		"en": "Most hours   1. 王强 12.5 h · 1. ",
	} {
		got := callPrinter(t, lang).Summary(m)
		if !strings.Contains(got.Text, want) || strings.Contains(got.Text, "<@") || strings.Contains(got.Text, "4. ") {
			t.Errorf("%s: %s", lang, got.Text)
		}
		checkMessage(t, got)
	}
	delete(people, 4)
	if m.Leaders = LeadersOf(m.Now, people); m.Leaders != nil {
		t.Errorf("two are left and still shown: %v", m.Leaders)
	}
}
