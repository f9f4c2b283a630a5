// Package grammar reads what people type: times, replies, calls, study
// sessions, reminders and commands, in Chinese and English and in mixtures of
// the two. It is pure: a text, the present moment, a zone and a language go in;
// a meaning comes out, or a *Reason that quotes the part at fault.
//
// # How a text is read
//
// A text is folded rune by rune (width, case, traditional characters, odd
// dashes), so that every place in it is also a place in what was typed, and cut
// into tokens (token.go, words.go). The parser (parser.go, components.go) takes
// the tokens in any order as parts of a time: days (dates.go, weekdays.go),
// clocks (clock.go), spans (spans.go), rules. Commas part segments, which are
// joined to items (items.go), placed in the calendar (calendar.go, settle.go,
// emit.go) or turned into an RRULE (rule.go). A token that no part takes makes
// the whole text unreadable: nothing is skipped because it is not understood.
//
// # What is decided where people leave it open
//
//   - A bare weekday or day of the month is the next one not past; a range may be
//     under way. A time alone is today's, and past once it has gone by. A date
//     without a year that went by within the last 31 days is past, one that went
//     by longer ago is next year's.
//   - Weeks begin on Monday: 下周五 and "next Friday" are in the next calendar
//     week, 本周一 may be past.
//   - "Sat 9-11, 14-16" gives the second range the day of the first; "Sat, Sun
//     9-11" gives both days the time; 12月5日至7日 9:00-11:00 is three times. A
//     day at the end without a time of its own has none.
//   - 下午2点到4点, 7pm-9, 2-4pm: the half of the day said for one end holds for
//     the other, as the nearest such reading of the clock. Over midnight the end
//     is on the next day.
//   - 9-5 and 10点到2点 are a working day; 明天（11月24日） and 下周六（12月5日） must be
//     the same day said twice.
//   - Asked and not guessed (a reason, with the readings as candidates): an hour
//     from 1 to 5 without half of day or colon (3点, "at 3"), unless only one of
//     the two is still ahead today, ranges such as 9:00-5:00, 晚上2点, midnight of
//     a named day, 12/5 in English, "every second Tuesday", 每隔两周, and
//     "tomorrow" typed between 0:00 and 5:00 (Options.Tomorrow settles that one).
//   - A clock reading that a change of clocks skips does not exist; one that
//     comes twice is its first. A rule moves past the gap instead.
//   - 农历, lunar, 正月, 腊月, 初一, 廿三 and the names of festivals are days of the
//     Chinese calendar; a plain month is never the leap one (闰六月 is), and the 30th
//     of a month of 29 days is its last. As a rule they are written as RFC 7529 has
//     them. 清明 and 冬至 follow the sun: they are days, and no rule.
//   - UTC and 北京时间 are understood and answered in that zone; a bare RFC 3339
//     offset has no zone, and is answered in the one asked for.
//
// # The one-line form
//
// A separator (| ； ; or a new line) counts only before a known key or a
// "word:", and never inside <…> tokens or quotation marks. A known key alone
// between two separators (| urgent |) is refused as empty, not taken as text.
// &amp; &lt; &gt; are decoded first. Keys are refused when they are unknown or come twice. Defaults
// are left to the caller, but for kind (care), ask (auto when urgent), and a
// study's length and holidays; Set says what was given.
//
// # What "understand" prints
//
// When.JSON, Reply.JSON and Call.JSON are compact objects; what does not apply
// is left out. A rule's next holds its first three starts, start among them.
// Several shifts of a call are one list. ask is "auto", "no" or "5 every 10m";
// opens and close are a time or "2h before"; safety and remind are lengths such
// as 1h and 1d; urgent, buddy, drill and a need's verified appear when true.
//
// # Replies
//
// Guests counts those besides the person: +3 is 2 guests. A reply is read only
// where all of it is understood: a core such as +1 or 我来, and around it
// politeness, one day, one role, the size of a party.
// Questions, quotations, mentions and third persons make it none. A role is a
// word of the built-in list, of Options.Roles, or with an ending that names
// one (员, -er); the caller matches it with Fold.
package grammar
