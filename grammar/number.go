package grammar

// hanDigits are the Chinese digits; 两 counts things, 廿 is twenty.
var hanDigits = map[rune]int{'〇': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

func isHanNumeral(r rune) bool {
	_, ok := hanDigits[r]
	return ok || r == '十' || r == '百' || r == '廿'
}

// hanNumber reads a Chinese number ("二十五", "两百", "二〇二六") from the start
// of rs and tells how many runes it took; 0 if there is none.
func hanNumber(rs []rune) (value, taken int) {
	for taken < len(rs) && isHanNumeral(rs[taken]) {
		taken++
	}
	if taken == 0 {
		return 0, 0
	}
	return hanValue(rs[:taken])
}

func hanValue(rs []rune) (value, taken int) {
	positional := true
	for _, r := range rs {
		if _, digit := hanDigits[r]; !digit {
			positional = false
		}
	}
	if positional {
		for _, r := range rs {
			if value > 99_999 {
				break
			}
			value = value*10 + hanDigits[r]
			taken++
		}
		return value, taken
	}
	total, digit := 0, -1
	for i, r := range rs {
		switch d, isDigit := hanDigits[r]; {
		case isDigit && digit > 0:
			return total + digit, i
		case isDigit:
			digit = d
		case r == '廿':
			total, digit = total+20, -1
		case r == '百':
			total, digit = total+max(digit, 1)*100, -1
		case r == '十':
			if digit == 0 {
				digit = 1
			}
			if digit < 0 {
				digit = 1
			}
			total, digit = total+digit*10, -1
		}
	}
	return total + max(digit, 0), len(rs)
}

// englishNumbers are the number words of time phrases.
var englishNumbers = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fortyfive": 45, "fifty": 50, "sixty": 60, "ninety": 90,
}

// englishOrdinals are the ordinal words; "second" is never a unit here.
var englishOrdinals = map[string]int{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
	"eleventh": 11, "twelfth": 12, "fifteenth": 15, "twentieth": 20, "thirtieth": 30,
}
