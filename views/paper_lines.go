package views

import (
	"strings"
	"unicode"
)

// No line begins with what closes or goes on, and none ends with what opens
// (the usual rules of Chinese typesetting).
const (
	neverFirst = "，。、；：？！）》」』】〉”’…—·,.;:?!)]}%°"
	neverLast  = "（《「『【〈“‘([{#$¥￥"
)

// breakLines breaks a text into lines of at most width: between words, between
// Chinese characters, and within a word only when it is wider than a line.
// What fits nowhere stands alone.
func breakLines(text string, width float64, measure func(string) float64) []string {
	var lines []string
	for part := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, piece := range linePieces(part) {
			if line == "" {
				piece = strings.TrimLeft(piece, " ")
			}
			if measure(strings.TrimRight(line+piece, " ")) <= width {
				line += piece
				continue
			}
			if line != "" {
				lines = append(lines, strings.TrimRight(line, " "))
			}
			line = ""
			for _, r := range strings.TrimLeft(piece, " ") { // a word wider than a line
				if line != "" && measure(line+string(r)) > width {
					lines, line = append(lines, line), ""
				}
				line += string(r)
			}
		}
		if line != "" {
			lines = append(lines, strings.TrimRight(line, " "))
		}
	}
	return lines
}

// linePieces cuts a text where a line may end.
func linePieces(text string) []string {
	var pieces []string
	var now []rune
	runes := []rune(text)
	for i, r := range runes {
		now = append(now, r)
		if i+1 < len(runes) && mayBreak(r, runes[i+1]) {
			pieces, now = append(pieces, string(now)), nil
		}
	}
	if len(now) > 0 {
		pieces = append(pieces, string(now))
	}
	return pieces
}

func mayBreak(before, after rune) bool {
	switch {
	case strings.ContainsRune(neverLast, before), strings.ContainsRune(neverFirst, after), after == ' ':
		return false
	case before == ' ':
		return true
	}
	return wide(before) || wide(after)
}

// wide says whether a character is of a script written without spaces, or a
// sign of it.
func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}
