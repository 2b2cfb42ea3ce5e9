package tag

import (
	"unicode"
	"unicode/utf8"
)

// folded is a text made ready for matching: hyphens and blanks of all kinds
// are one blank, quotes are straight, full-width letters are plain, and what
// has no width is dropped. raw keeps case, low does not; both are of equal
// length, and at[i] is the offset in the text of the rune behind byte i, with
// the length of the text at the end.
type folded struct {
	text string
	raw  []byte
	low  []byte
	at   []int32
}

func fold(text string) folded {
	f := folded{text: text, raw: make([]byte, 0, len(text)+1), low: make([]byte, 0, len(text)+1),
		at: make([]int32, 0, len(text)+2)}
	for i, r := range text {
		if r < utf8.RuneSelf && r > ' ' && r != '-' { // the common case, without a table
			low := byte(r)
			if r >= 'A' && r <= 'Z' {
				low += 'a' - 'A'
			}
			f.raw, f.low, f.at = append(f.raw, byte(r)), append(f.low, low), append(f.at, int32(i))
			continue
		}
		f.add(i, r)
	}
	f.at = append(f.at, int32(len(text)))
	return f
}

func (f *folded) add(i int, r rune) {
	switch {
	case r == '-' || r >= 0x2010 && r <= 0x2015 || r == 0xff0d || unicode.IsSpace(r):
		if n := len(f.raw); n > 0 && f.raw[n-1] == ' ' {
			return
		}
		r = ' '
	case r == '’' || r == '‘' || r == 'ʼ' || r == '＇':
		r = '\''
	case r >= 0xff01 && r <= 0xff5e:
		r -= 0xfee0
	case r == 0x200b || r == 0x200c || r == 0x200d || r == 0x2060 || r == 0xfeff || r == 0xad:
		return
	case r == utf8.RuneError:
		r = '?'
	}
	low := unicode.ToLower(r)
	if utf8.RuneLen(low) != utf8.RuneLen(r) {
		low = r
	}
	before := len(f.raw)
	f.raw = utf8.AppendRune(f.raw, r)
	f.low = utf8.AppendRune(f.low, low)
	for range len(f.raw) - before {
		f.at = append(f.at, int32(i))
	}
}

// before returns the rune that ends at byte i, a blank at the beginning.
func (f *folded) before(i int) rune {
	if i == 0 {
		return ' '
	}
	if b := f.raw[i-1]; b < utf8.RuneSelf {
		return rune(b)
	}
	r, _ := utf8.DecodeLastRune(f.raw[:i])
	return r
}

// after returns the rune that begins at byte i, a blank at the end.
func (f *folded) after(i int) rune {
	if i >= len(f.raw) {
		return ' '
	}
	if b := f.raw[i]; b < utf8.RuneSelf {
		return rune(b)
	}
	r, _ := utf8.DecodeRune(f.raw[i:])
	return r
}
