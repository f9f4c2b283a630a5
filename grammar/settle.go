package grammar

// fault is what is wrong with a clock.
type fault struct {
	key string
	// readings in minutes after the day's start, as start and end (end -1).
	readings [][2]int
}

// minute gives the minute of the day that c means, without looking at another
// clock. An hour of 1 to 5 that may be either half of the day is asked.
func (c clock) minute() (int, *fault) {
	if c.h > 24 || c.m > 59 || c.s > 59 || c.h == 24 && (c.m > 0 || c.s > 0) {
		return 0, &fault{key: "when.bad_clock"}
	}
	literal := c.h*60 + c.m
	if c.mid && c.word && c.h == 0 {
		return dayMinutes, nil
	}
	if c.part == noPart {
		if c.loose && c.h >= 1 && c.h <= 5 {
			return literal, &fault{key: "when.which_half", readings: [][2]int{{literal, -1}, {literal + noonMinute, -1}}}
		}
		return literal, nil
	}
	at, ok := c.inPart()
	if !ok {
		return 0, &fault{key: "when.bad_clock"}
	}
	if c.night {
		return at + dayMinutes, nil
	}
	if (c.part == pEvening || c.part == pNight) && c.h >= 1 && c.h <= 4 {
		return at, &fault{key: "when.which_night", readings: [][2]int{{literal, -1}, {literal + dayMinutes, -1}}}
	}
	return at, nil
}

// partHours says, for each part of the day, which hours are said as they are
// (low to high) and which have twelve added (low to high).
var partHours = map[dayPart][4]int{
	pDawn:      {0, 6, -1, -1},
	pMorning:   {0, 11, -1, -1},
	pForenoon:  {0, 12, -1, -1},
	pNoon:      {10, 14, 1, 3},
	pAfternoon: {12, 20, 1, 11},
	pDusk:      {16, 20, 4, 8},
	pEvening:   {17, 23, 5, 11},
	pNight:     {17, 23, 5, 11},
	pAM:        {0, 11, -1, -1},
	pPM:        {12, 23, 1, 11},
}

// inPart gives the minute of a clock in its part of the day.
func (c clock) inPart() (int, bool) {
	h := c.h
	hours := partHours[c.part]
	switch {
	case (c.part == pAM || c.part == pDawn) && h == 12:
		h = 0
	case c.part == pEvening || c.part == pNight:
		if h == 0 || h == 12 || h == 24 {
			return dayMinutes + c.m, true
		}
		if h <= 4 {
			return h*60 + c.m, true
		}
	}
	switch {
	case h >= hours[0] && h <= hours[1]:
		return h*60 + c.m, true
	case h >= hours[2] && h <= hours[3]:
		return (h+12)*60 + c.m, true
	}
	return 0, false
}

// sure tells whether c cannot be twelve hours off.
func (c clock) sure() bool { return c.part != noPart || c.h > 12 || c.h == 0 || c.word }

// settle gives start and end of a range within one day, in minutes after its
// start; the end may be past midnight.
func settle(a, b clock) (start, end int, f *fault) {
	for _, c := range []clock{a, b} {
		if _, f := c.minute(); f != nil && f.key == "when.bad_clock" {
			return 0, 0, f
		}
	}
	switch {
	case a.part != noPart && b.part == noPart, a.word && !a.mid && b.loose && b.part == noPart:
		return settleEnd(a, b)
	case a.part == noPart && b.part != noPart && !b.partHan:
		return settleStart(a, b)
	case a.part == noPart && b.part == noPart:
		return settleBare(a, b)
	}
	start, f = a.minute()
	if f != nil {
		return 0, 0, f
	}
	end, f = b.minute()
	if f != nil && f.key == "when.which_night" && start >= noonMinute {
		end, f = f.readings[1][0], nil // 晚上10点到夜里2点
	}
	if f != nil {
		return 0, 0, f
	}
	return over(start, end)
}

// over puts an end that is not after its start into the next day.
func over(start, end int) (int, int, *fault) {
	if end == start {
		return 0, 0, &fault{key: "when.end_before_start"}
	}
	if end < start {
		end += dayMinutes
	}
	return start, end, nil
}

// settleEnd: 下午2点到4点, 7pm-9. The end is the first such reading of a
// twelve-hour face after the start.
func settleEnd(a, b clock) (int, int, *fault) {
	start, f := a.minute()
	if f != nil {
		return 0, 0, f
	}
	literal := b.h*60 + b.m
	if b.h > 12 || b.h == 0 || b.word {
		if b.mid && b.word {
			literal = dayMinutes
		}
		return over(start, literal)
	}
	end := literal % noonMinute
	for end <= start {
		end += noonMinute
	}
	return start, end, nil
}

// settleStart: 2-4pm, 10-2pm. The start is the last such reading before the
// end.
func settleStart(a, b clock) (int, int, *fault) {
	end, f := b.minute()
	if f != nil {
		return 0, 0, f
	}
	literal := a.h*60 + a.m
	if a.sure() {
		return over(literal, end)
	}
	start := literal % noonMinute
	if start >= end {
		end += dayMinutes
	}
	for start+noonMinute < end {
		start += noonMinute
	}
	return start, end, nil
}

// longestNight is the longest range that an end before its start can mean, by
// running into the next day.
const longestNight = 18 * 60

// settleBare: 9-11, 9:00-11:00, 22:00-2:00, 9-5. What could as well be twelve
// hours off (2-4, 9:00-5:00) is asked.
func settleBare(a, b clock) (int, int, *fault) {
	start, end := a.h*60+a.m, b.h*60+b.m
	if b.mid && b.word {
		end = dayMinutes
	}
	if a.mid && a.word {
		start = 0
	}
	switch {
	case end == start:
		return 0, 0, &fault{key: "when.end_before_start"}
	case end > start:
		if a.loose && b.loose && a.h >= 1 && a.h <= 5 && b.h <= 12 {
			return start, end, &fault{key: "when.which_half",
				readings: [][2]int{{start, end}, {start + noonMinute, end%noonMinute + noonMinute}}}
		}
		return start, end, nil
	case (a.sure() || b.h == 0) && end+dayMinutes-start <= longestNight:
		return start, end + dayMinutes, nil
	case a.sure():
		return 0, 0, &fault{key: "when.end_before_start"} // 13:00-12:00
	}
	if a.loose && b.loose && a.h >= 7 && b.h <= 6 { // 9-5 is a working day to everybody
		return start, end + noonMinute, nil
	}
	return start, end, &fault{key: "when.which_half",
		readings: [][2]int{{start, end + noonMinute}, {start, end + dayMinutes}}}
}
