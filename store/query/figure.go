package query

import (
	"strings"
)

// figure reads a number with its separators, and the unit or letters that
// stick to it: "1,200" is 1200, "1.2GW" is 1.2 and gw, "3nm" stays one word.
func (a *analyzer) figure() {
	start := a.pos
	var b []byte
	for a.pos < len(a.text) {
		r, size := a.peek(a.pos)
		if c := classOf(r); c == digit {
			if size == 1 {
				b = append(b, byte(r))
			} else {
				b = append(b, fold(a.text[a.pos:a.pos+size], false)...)
			}
			a.pos += size
			continue
		}
		if r == '.' && a.digitAt(a.pos+1) {
			b = append(b, '.')
			a.pos++
			continue
		}
		if r == ',' && a.thousands(a.pos+1) {
			a.pos++
			continue
		}
		if r == ',' && a.digitAt(a.pos+1) { // a decimal comma
			b = append(b, '.')
			a.pos++
			continue
		}
		break
	}
	end := a.pos
	tail := a.pos
	for {
		r, size := a.peek(tail)
		if c := classOf(r); size == 0 || c != letter && c != digit {
			break
		}
		tail += size
	}
	if tail == end {
		a.addNumber(string(b), start, end)
		return
	}
	a.glued(string(b), start, end, tail)
}

// glued adds a number with letters stuck to it: as number and unit where the
// letters are a unit, else as one word ("3nm", "4x", "1st").
func (a *analyzer) glued(number string, start, end, tail int) {
	letters := fold(a.text[end:tail], false)
	a.pos = tail
	if u, ok := unitWords[letters]; ok {
		a.addNumber(number, start, end)
		a.number = false
		a.add(u, end, tail)
		// "10Bn" may be followed by a currency, "5MW" by nothing: both end here.
		return
	}
	a.number = false
	a.add(stem(strings.ReplaceAll(number, ".", "")+letters), start, tail)
}

func (a *analyzer) addNumber(number string, start, end int) {
	a.number = true
	a.add(number, start, end)
}

func (a *analyzer) digitAt(at int) bool {
	return at < len(a.text) && '0' <= a.text[at] && a.text[at] <= '9'
}

// thousands reports whether exactly three digits stand here.
func (a *analyzer) thousands(at int) bool {
	return a.digitAt(at) && a.digitAt(at+1) && a.digitAt(at+2) && !a.digitAt(at+3)
}

// unitWords gives one term for the ways to write a unit or magnitude after a
// number. Words that mean different things in different languages ("billion")
// follow English.
var unitWords = map[string]string{
	"gw": "gw", "gigawatt": "gw", "gigawatts": "gw",
	"mw": "mw", "megawatt": "mw", "megawatts": "mw",
	"kw": "kw", "kilowatt": "kw", "kilowatts": "kw",
	"tw": "tw", "terawatt": "tw", "terawatts": "tw",
	"gwh": "gwh", "mwh": "mwh", "kwh": "kwh", "twh": "twh",
	"k": "k", "thousand": "k",
	"m": "m", "mn": "m", "mln": "m", "million": "m", "millions": "m", "mio": "m", "millionen": "m", "millones": "m", "milioni": "m", "miljoen": "m",
	"b": "b", "bn": "b", "bln": "b", "billion": "b", "billions": "b", "mrd": "b", "milliarden": "b", "milliards": "b", "miliardi": "b", "miljard": "b",
	"tn": "tn", "trillion": "tn", "trillions": "tn",
}
