package grammar

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var propertyZones = []string{"Asia/Shanghai", "Europe/Riga", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago"}

func drawOptions(t *rapid.T) Options {
	zone, err := time.LoadLocation(rapid.SampledFrom(propertyZones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "now"), 0).In(zone)
	return Options{Now: now, Zone: zone, Lang: rapid.SampledFrom([]string{"zh", "en"}).Draw(t, "lang")}
}

// drawMinute draws a minute within the next ten months that a clock shows only
// once, so that writing it down loses nothing.
func drawMinute(t *rapid.T, o Options) time.Time {
	minutes := rapid.Int64Range(1, 60*24*300).Draw(t, "minutes")
	at := o.Now.Truncate(time.Minute).Add(time.Duration(minutes) * time.Minute).In(o.Zone)
	back := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, o.Zone)
	start, end := at.ZoneBounds()
	near := func(change time.Time) bool { return !change.IsZero() && at.Sub(change).Abs() < 3*time.Hour }
	if !back.Equal(at) || near(start) || near(end) {
		t.Skip("beside a clock change")
	}
	return at
}

var hanDays = [...]string{"日", "一", "二", "三", "四", "五", "六"}

// What Muster itself writes, and what a person would write, reads back as the
// same instant.
func TestWrittenInstantsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := drawOptions(t)
		at := drawMinute(t, o)
		hour, half := at.Hour()%12, "上午"
		if hour == 0 {
			hour = 12
		}
		switch {
		case at.Hour() == 0:
			half, hour = "凌晨", 0
		case at.Hour() >= 12:
			half = "下午"
		}
		forms := []string{
			at.Format(time.RFC3339), at.Format("2006-01-02 15:04"), at.Format("2006-01-02T15:04"), at.Format("2006/1/2 15:04"),
			at.Format("2006年1月2日 15:04"), at.Format("2006年1月2日15点04分"), at.Format("January 2, 2006 at 3:04 PM"), at.Format("2 Jan 2006 15:04"),
			at.Format("Mon, 2 Jan 2006 15:04"), at.Format("Monday, January 2 2006, 3:04pm"), at.Format("2006-01-02 3:04pm"),
			fmt.Sprintf("周%s %d年%d月%d日 %s", hanDays[at.Weekday()], at.Year(), at.Month(), at.Day(), at.Format("15:04")),
			fmt.Sprintf("%d年%d月%d日（星期%s）%s%d点%02d分", at.Year(), at.Month(), at.Day(), hanDays[at.Weekday()], half, hour, at.Minute()),
		}
		if at.Hour() == 12 && half == "下午" {
			forms = forms[:len(forms)-1]
		}
		for _, form := range forms {
			w, err := ParseWhen(form, o)
			if err != nil || w.Kind != KindInstant || !w.Start.Equal(at) {
				t.Fatalf("%q at %v: got %v %v, %v", form, o.Now, w.Kind, w.Start, err)
			}
		}
	})
}

// A range that is written down reads back, over midnight too.
func TestWrittenRangesReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := drawOptions(t)
		at := drawMinute(t, o)
		end := at.Add(time.Duration(rapid.IntRange(5, 11*60).Draw(t, "length")) * time.Minute)
		if _, offset := at.Zone(); func() bool { _, e := end.Zone(); return e != offset }() {
			t.Skip("over a clock change")
		}
		if at.Hour() < 13 && end.Day() != at.Day() {
			t.Skip("9:00-5:00 is asked")
		}
		for _, form := range []string{
			at.Format("2006-01-02 15:04") + "-" + end.Format("15:04"), at.Format("2 Jan 2006, 15:04") + "–" + end.Format("15:04"),
			at.Format("2006年1月2日 15:04") + "到" + end.Format("15:04"), at.Format("2006-01-02 3:04pm") + " to " + end.Format("3:04pm"),
			at.Format("2006-01-02 15:04") + " - " + end.Format("2006-01-02 15:04"), at.Format(time.RFC3339) + "/" + end.Format(time.RFC3339),
		} {
			w, err := ParseWhen(form, o)
			if err != nil || w.Kind != KindRange || !w.Start.Equal(at) || !w.End.Equal(end) {
				t.Fatalf("%q: got %v to %v, %v", form, w.Start, w.End, err)
			}
		}
	})
}

// words that time phrases are made of, to be thrown together.
var timeParts = []string{
	"明天", "下周", "周六", "周日", "每", "每周", "两周", "上午", "下午", "晚上", "9点", "3点", "半", "9:00", "22:00", "25:00", "-", "到", "11:00", "2:00", "，", "、",
	"12月5日", "5号", "月底", "第一个", "最后一个", "工作日", "两小时", "后", "从", "起", "现在", "今晚", "次日", "凌晨", "12/5", "2026-12-05", "中午", "半夜",
	"tomorrow", "next", "Friday", "every", "on", "the", "5th", "of", "month", "Dec 5", "at", "8", "pm", "am", "to", "until", "in", "hours", "and", "noon",
	"midnight", "last", "first", "Monday", "weekly", "for", "10", "times", "2027", "/", "(", ")", "T", "Z", "🙂", "\u200b", "的", "一", "三", "五",
}

func drawPhrase(t *rapid.T) string {
	parts := rapid.SliceOfN(rapid.SampledFrom(timeParts), 1, 8).Draw(t, "parts")
	gap := rapid.SampledFrom([]string{"", " "}).Draw(t, "gap")
	out := ""
	for _, p := range parts {
		out += p + gap
	}
	return out
}

// checkWhen holds for whatever was typed.
func checkWhen(t interface{ Fatalf(string, ...any) }, typed string, o Options) {
	w, err := ParseWhen(typed, o)
	if err != nil {
		var r *Reason
		if !errors.As(err, &r) || r.Line("zh") == "" || r.Args == nil {
			t.Fatalf("%q: %v is no reason", typed, err)
		}
		if _, known := reasonWords[r.Key]; !known {
			t.Fatalf("%q: no words for %s", typed, r.Key)
		}
		return
	}
	now := o.Now.Truncate(time.Second)
	for _, item := range w.List() {
		past := item.Start.Before(now)
		if item.Kind == KindRange {
			past = !item.End.After(now)
		}
		if past || item.Start.IsZero() {
			t.Fatalf("%q at %v: %v is past", typed, o.Now, item.Start)
		}
		if !item.End.IsZero() && !item.End.After(item.Start) {
			t.Fatalf("%q: %v is not before %v", typed, item.Start, item.End)
		}
		if item.Kind == KindRule && (len(item.Next) == 0 || !item.Next[0].Equal(item.Start) || item.Wall == "") {
			t.Fatalf("%q: %+v", typed, item)
		}
		if item.Kind == KindList || item.Kind == "" || item.Zone == "" {
			t.Fatalf("%q: %+v", typed, item)
		}
	}
	if _, err := w.JSON(); err != nil {
		t.Fatalf("%q: %v", typed, err)
	}
}

func TestNoPhraseIsPastOrBackwards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		checkWhen(t, drawPhrase(t), drawOptions(t))
	})
}

// The title never changes what is understood, and no value leaks into another.
func TestCallPartsStayApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := shanghaiRapid(t)
		title := rapid.StringMatching(`[A-Za-z一-龥][A-Za-z一-龥 &~]{0,30}[A-Za-z一-龥]`).Draw(t, "title")
		where := rapid.StringMatching(`[A-Za-z一-龥][A-Za-z一-龥 ,，.0-9]{0,30}[a-z]`).Draw(t, "where")
		sep := rapid.SampledFrom([]string{" | ", "；", ";", "\n", "｜"}).Draw(t, "sep")
		when := rapid.SampledFrom([]string{"when: Sat 9-11", "时间：周六 9:00-11:00"}).Draw(t, "when")
		parts := rapid.Permutation([]string{when, "地点: " + where, "need: lifter 2, 司机 3"}).Draw(t, "order")
		text := title
		for _, p := range parts {
			text += sep + p
		}
		c, err := ParseCall(text, o)
		if err != nil || c.Title != title || c.Where != where || len(c.Need) != 2 || len(c.When) != 1 {
			t.Fatalf("%q: %+v %v", text, c, err)
		}
	})
}

func shanghaiRapid(t *rapid.T) Options {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return Options{Now: time.Date(2026, 11, 23, 10, 0, 0, 0, zone), Zone: zone, Lang: "zh"}
}

// A sign-up inside a question, a negation or about somebody else is none.
func TestNoSignUpByAccident(t *testing.T) {
	t.Parallel()
	yes := []string{"报名", "参加", "我来", "+1", "count me in", "sign me up", "I'm in", "算我一个", "能来"}
	wraps := []string{"%s?", "%s？", "%s吗", "谁%s", "他%s", "她说%s", "怎么%s", "请大家%s", "别%s", "不知道%s行不行", "how do I %s", "don't %s", "they said %s", "my sister: %s",
		"“%s”", "`%s`", "> %s", "要是%s呢", "%s链接", "%s failed", "昨天%s的人", "张三%s", "if they %s"}
	rapid.Check(t, func(t *rapid.T) {
		typed := fmt.Sprintf(rapid.SampledFrom(wraps).Draw(t, "wrap"), rapid.SampledFrom(yes).Draw(t, "yes"))
		o := shanghaiRapid(t)
		o.Place = rapid.SampledFrom([]string{"thread", "dm"}).Draw(t, "place")
		if r := ParseReply(typed, o); r.Meaning == MeansYes {
			t.Fatalf("%q is %+v", typed, r)
		}
	})
}

func TestNoReplyPanics(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.String().Draw(t, "typed") + drawPhrase(t)
		r := ParseReply(typed, drawOptions(t))
		if r.Meaning == "" || r.Guests < 0 || r.Guests > mostParty || r.Minutes < 0 {
			t.Fatalf("%q: %+v", typed, r)
		}
	})
}
