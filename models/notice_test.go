package models

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestANoticeCountsEachMessageOnce(t *testing.T) {
	t.Parallel()
	var a NoticeArgs
	for range 2 {
		for id := int64(1); id <= noticeKept; id++ {
			a.Add(id)
		}
	}
	if len(a.Messages) != noticeKept || a.More != 0 {
		t.Errorf("%d and %d more", len(a.Messages), a.More)
	}
	a.Add(noticeKept + 1)
	if diff := cmp.Diff(1, a.More); diff != "" {
		t.Error(diff)
	}
}
