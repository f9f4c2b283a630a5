package models

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAPostingSaysWhatItSaid(t *testing.T) {
	t.Parallel()
	said := PostedFigures{Now: Summary{Period: Period{Kind: PeriodWeek, Start: 1000, End: 2000}, Unit: Unit{ID: 3, Name: "外卖骑手支部"}, CallsOpened: 4,
		FillTime: 38 * time.Minute, Hours: HoursFigures{Counted: 3690, Onsite: 2910, Late: 780, Waiting: 720},
		Study: []StudyLine{{UnitID: 3, Unit: "外卖骑手支部", Missing: []Instant{1500}}}, SealedTo: 4812, Check: "7f3ac2"},
		Before: Summary{Volunteers: 19}}
	p := Posting{ID: 1, State: PostingQueued}
	if err := p.Keep(said); err != nil {
		t.Fatal(err)
	}
	if p.HeadSeq != 4812 || p.HeadHash != "7f3ac2" {
		t.Errorf("head %d %s", p.HeadSeq, p.HeadHash)
	}
	got, ok, err := p.Said()
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if diff := cmp.Diff(said, got); diff != "" {
		t.Error(diff)
	}
	p.State = PostingHeld
	if _, ok, _ := p.Said(); ok {
		t.Error("a held one says what it would have said then")
	}
}
