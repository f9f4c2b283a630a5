package grammar

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"muster/models"
)

func TestWindowsAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	weekdays := []time.Weekday{1, 2, 3, 4, 5}
	sat, weekend := []time.Weekday{6}, []time.Weekday{6, 0}
	for _, c := range []struct {
		text string
		want []models.Window
	}{
		{"", nil},
		{"  \n ", nil},
		{"10:00-11:00, 14:30-16:30", []models.Window{{Start: 600, End: 660}, {Start: 870, End: 990}}},
		{"10：00—11：00，14：30～16：30", []models.Window{{Start: 600, End: 660}, {Start: 870, End: 990}}},
		{"１０：００－１１：００", []models.Window{{Start: 600, End: 660}}},
		{"10:00–11:00\n21:00–22:00", []models.Window{{Start: 600, End: 660}, {Start: 1260, End: 1320}}},
		{"工作日 21:00-22:00；周六 9:00-12:00", []models.Window{{Days: weekdays, Start: 1260, End: 1320}, {Days: sat, Start: 540, End: 720}}},
		{"weekdays 9-11; Sat 14:00-16:00", []models.Window{{Days: weekdays, Start: 540, End: 660}, {Days: sat, Start: 840, End: 960}}},
		{"周一到周五 8点-9点30", []models.Window{{Days: weekdays, Start: 480, End: 570}}},
		{"周末 22:00-2:00", []models.Window{{Days: weekend, Start: 1320, End: 120}}},
		{"Mon Wed 7:00-8:00", []models.Window{{Days: []time.Weekday{1, 3}, Start: 420, End: 480}}},
		{"Mon-Fri 7-8", []models.Window{{Days: weekdays, Start: 420, End: 480}}},
		{"Saturdays and Sundays 7 to 8", []models.Window{{Days: weekend, Start: 420, End: 480}}},
		{"周一、周三 19:00-20:00", []models.Window{{Days: []time.Weekday{1, 3}, Start: 1140, End: 1200}}},
		{"周一三五 19:00-20:00", []models.Window{{Days: []time.Weekday{1, 3, 5}, Start: 1140, End: 1200}}},
		{"週六 9點到11點半", []models.Window{{Days: sat, Start: 540, End: 690}}},
		{"周六：9:00-12:00", []models.Window{{Days: sat, Start: 540, End: 720}}},
		{"周六 9:00-10:00, 14:00-15:00, 每天 20:00-21:00", []models.Window{{Days: sat, Start: 540, End: 600}, {Days: sat, Start: 840, End: 900}, {Start: 1200, End: 1260}}},
		{"20:00-24:00", []models.Window{{Start: 1200, End: 1440}}},
		{"Sat 0:00-24:00", []models.Window{{Days: sat, Start: 0, End: 1440}}},
		{"24:00-2:00", []models.Window{{Start: 0, End: 120}}},
		{"9am-11am", []models.Window{{Start: 540, End: 660}}},
		{"2pm - 4:30pm", []models.Window{{Start: 840, End: 990}}},
		{"9-11am", []models.Window{{Start: 540, End: 660}}},
		{"10-2pm", []models.Window{{Start: 600, End: 840}}},
		{"12am-6am", []models.Window{{Start: 0, End: 360}}},
		{"12pm-1pm", []models.Window{{Start: 720, End: 780}}},
		{"下午2点-4点", []models.Window{{Start: 840, End: 960}}},
		{"下午2点半到4点", []models.Window{{Start: 870, End: 960}}},
		{"上午9点-下午1点", []models.Window{{Start: 540, End: 780}}},
		{"上午9点-1点", []models.Window{{Start: 540, End: 780}}},
		{"中午12点到1点", []models.Window{{Start: 720, End: 780}}},
		{"晚上9点-10点", []models.Window{{Start: 1260, End: 1320}}},
		{"晚上10点-12点", []models.Window{{Start: 1320, End: 1440}}},
		{"晚上11点-凌晨1点", []models.Window{{Start: 1380, End: 60}}},
		{"下午14:30-16:30", []models.Window{{Start: 870, End: 990}}},
	} {
		got, err := ParseWindows(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
}

func TestWhatIsNoWindowIsQuoted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, part string }{
		{"evenings", "evenings"},
		{"10:00-11:00, 傍晚", "傍晚"},
		{"25:00-26:00", "25:00-26:00"},
		{"9:00-9:00", "9:00-9:00"},
		{"9:60-10:00", "9:60-10:00"},
		{"周八 9:00-10:00", "周八 9:00-10:00"},
		{"9:00-10:00 maybe", "9:00-10:00 maybe"},
		{"9:00-10:00, 周六", "周六"}, // a day without a time is not "all day"
		{"周六 ９：００", "周六 ９：００"},
		{"<!channel>", "<!channel>"},
		{"14:30pm-16:30pm", "14:30pm-16:30pm"},
		{",,,", ",,,"},
		{strings.Repeat("x", 500), strings.Repeat("x", 60) + "…"},
		{strings.Repeat("9:00-10:00,", 30), "9:00-10:00"},
	} {
		got, err := ParseWindows(c.text)
		reason, ok := err.(*Reason)
		if !ok {
			t.Errorf("%q was read as %v", c.text, got)
			continue
		}
		if reason.Part != c.part {
			t.Errorf("%q: quoted %q, want %q", c.text, reason.Part, c.part)
		}
	}
}

// Whatever is read is a window that can be: within a day, not empty, and the
// same when it is written out and read again.
func TestWindowsStayWithinTheDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.SampledFrom([]string{"周六", "Mon", "工作日", "9", "24", "12", "30", ":", "-", "到", "pm", "am", "下午", "晚上", "点", "半", ",", " ", "、", "每天", "x"})
		text := strings.Join(rapid.SliceOfN(part, 1, 12).Draw(t, "text"), "")
		windows, err := ParseWindows(text)
		if err != nil {
			return
		}
		checkWindows(t, text, windows)
	})
}

func checkWindows(t interface{ Fatalf(string, ...any) }, text string, windows []models.Window) {
	for _, w := range windows {
		if w.Start < 0 || w.Start >= 1440 || w.End < 0 || w.End > 1440 || w.Start == w.End {
			t.Fatalf("%q was read as %d to %d", text, w.Start, w.End)
		}
		for _, d := range w.Days {
			if d < 0 || d > 6 {
				t.Fatalf("%q was read as weekday %d", text, d)
			}
		}
	}
}

func FuzzParseWindows(f *testing.F) {
	for _, s := range []string{"10:00-11:00, 14:30-16:30", "工作日 9-11；周六 下午2点-4点", "Mon-Fri 9am-11am", "周一到", "-", "９：００－", "\x00\xff周"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		windows, err := ParseWindows(text)
		if err == nil {
			checkWindows(t, text, windows)
		}
	})
}
