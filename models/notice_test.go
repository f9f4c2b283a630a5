package models

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestANoticeNamesAFewAndCountsTheRest(t *testing.T) {
	t.Parallel()
	var a NoticeArgs
	for id := int64(1); id <= 8; id++ {
		if !a.Add(id) {
			t.Errorf("message %d was not taken", id)
		}
	}
	if a.Add(3) {
		t.Error("a message was counted twice")
	}
	if diff := cmp.Diff(NoticeArgs{Messages: []int64{1, 2, 3, 4, 5}, More: 3}, a); diff != "" {
		t.Error(diff)
	}
}
