package models

// codeLetters are read out in a noisy place and typed on a phone: no 0, O, 1, I.
const codeLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// codeDigits are the digits among them.
const codeDigits = 8

// DrawCode makes six characters from random bytes. One at least is a digit, so
// that a code typed in small letters is never a word.
func DrawCode(random func([]byte)) string {
	var raw, code [6]byte
	random(raw[:])
	digit := false
	for i, b := range raw {
		n := int(b) % len(codeLetters) // 256 is eight times 32: none is likelier
		code[i] = codeLetters[n]
		digit = digit || n < codeDigits
	}
	if !digit {
		code[0] = codeLetters[int(raw[0])%codeDigits]
	}
	return string(code[:])
}
