package models

// Public days off and adjusted working days of mainland China, as published by
// the State Council. Facts only; each year names the notice they stand in.
//
// To add a year: once its notice is out (usually in November of the year
// before), write its PublicYear here with KnownFull and the notice's title and
// number. The tests check what no notice has ever broken: adjusted working days
// are Saturdays or Sundays, days off do not overlap, and every day that the law
// names is off. A year of which only the law is known stands here with
// KnownStatutory; people are told so wherever it matters.

// PublicRun is one holiday: its days off in a row, and the weekend days worked
// for it. Dates as 2026-10-01.
type PublicRun struct {
	Name     string
	From, To string
	Work     []string
}

// PublicYear is what is known of one year.
type PublicYear struct {
	Year   int
	Known  Known
	Source string // title and number of what it was taken from
	Link   string
	Runs   []PublicRun
}

const statutes = "全国年节及纪念日放假办法（2024年修订，国务院令第795号）"

var publicYears = map[int]PublicYear{
	2026: {Year: 2026, Known: KnownFull,
		Source: "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号，2025年11月4日）",
		Link:   "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm",
		Runs: []PublicRun{
			{"元旦", "2026-01-01", "2026-01-03", []string{"2026-01-04"}},
			{"春节", "2026-02-15", "2026-02-23", []string{"2026-02-14", "2026-02-28"}},
			{"清明节", "2026-04-04", "2026-04-06", nil},
			{"劳动节", "2026-05-01", "2026-05-05", []string{"2026-05-09"}},
			{"端午节", "2026-06-19", "2026-06-21", nil},
			{"中秋节", "2026-09-25", "2026-09-27", nil},
			{"国庆节", "2026-10-01", "2026-10-07", []string{"2026-09-20", "2026-10-10"}},
		}},
	// No notice for 2027 was to be found in November 2026.
	2027: {Year: 2027, Known: KnownStatutory, Source: statutes,
		Link: "https://www.gov.cn/gongbao/2024/issue_11726/202411/content_6989774.html",
		Runs: []PublicRun{
			{"元旦", "2027-01-01", "2027-01-01", nil},
			{"春节", "2027-02-05", "2027-02-08", nil},
			{"清明节", "2027-04-05", "2027-04-05", nil},
			{"劳动节", "2027-05-01", "2027-05-02", nil},
			{"端午节", "2027-06-09", "2027-06-09", nil},
			{"中秋节", "2027-09-15", "2027-09-15", nil},
			{"国庆节", "2027-10-01", "2027-10-03", nil},
		}},
}
