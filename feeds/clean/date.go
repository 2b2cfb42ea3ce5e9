package clean

import (
	"math/bits"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // zones by name must not depend on the machine
	"unicode"
)

// maxDate is how much of a date is read, in bytes: none is longer.
const maxDate = 128

// words are the tables of datewords.go, folded once.
var words = sync.OnceValue(newDateWords)

// Date reads a date as feeds and pages write them: W3CDTF and ISO 8601 with
// their shortened and ordinal forms; RFC 822, 850, 1123 and asctime, whole or
// in part; seconds or milliseconds since 1970; JavaScript's Date.toString;
// names of months and days in seventeen languages; Chinese, Japanese and
// Korean dates; zones as offset, abbreviation or IANA name.
//
// A date without a time is midnight, one without a zone is UTC, one without a
// day is the first. false is returned for what is no date, for dates that do
// not exist (30 February, hour 25), and for what could be read as two days
// (3/4/2020) where nothing tells which: a wrong instant is worse than none.
func Date(s string) (time.Time, bool) {
	s = strings.TrimSpace(plainDigits(cut(s, maxDate)))
	if t, ok := frequentDate(s); ok {
		return t, true
	}
	if t, ok := compactDate(s); ok {
		return t, true
	}
	p := dateParser{words: words(), zone: time.UTC, hour: -1, weekday: 0}
	if !p.read(s) {
		return time.Time{}, false
	}
	return p.instant()
}

// plainDigits writes full-width digits and signs, odd spaces and dashes in ASCII.
func plainDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 0xFF01 <= r && r <= 0xFF5E:
			return r - 0xFEE0
		case r == '−' || r == '–' || r == '—' || r == '‐' || r == '‑':
			return '-'
		case r == '’' || r == 'ʼ':
			return '\''
		case unicode.IsSpace(r) || r == 0x200B:
			return ' '
		case unicode.IsControl(r) || 0x200E <= r && r <= 0x200F:
			return -1
		}
		return r
	}, s)
}

// dateParser gathers what the parts of a date say.
type dateParser struct {
	words   *dateWords
	numbers []number // all that are no part of the time or zone, in order
	month   int      // from its name; 0 if there was none
	weekday uint8    // bits of possible weekdays; 0 if none was named

	hour, minute, second, nano int // hour is -1 without a time
	half                       int // 1 before noon, 2 after noon, 0 not said

	zone  *time.Location
	zoned bool
	us    bool // a word that says the date is written the American way

	korean  bool // written in Korean: Korea has one zone and never names it
	chinese bool // … with the signs of Chinese and Japanese
}

// number is a number with how it was written.
type number struct {
	value, digits int
	before        byte // the character before it, 0 for none
	unit          rune // 年, 月 or 日 behind it, in any script; 0 for none
}

var (
	label       = regexp.MustCompile(`^[\p{L} ]{3,20}:\s`)
	dateComment = regexp.MustCompile(`\([^()]*\)?|\[[^\[\]]*\]| m=[+-][\d.]+$`) // the last as Go prints a time
	zoneName    = regexp.MustCompile(`\b(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)/[A-Za-z0-9_+\-]+(?:/[A-Za-z_]+)?`)
	clock       = regexp.MustCompile(`(\d+)\s*[:h]\s*(\d+)(?::(\d+)(?:[.,](\d+))?)?`)
	clockUhr    = regexp.MustCompile(`\b(\d{1,2})\.(\d{2})\s*uhr`)
	clockKl     = regexp.MustCompile(`\b(?:klo?|klockan|ore|alle)\b\.?\s*(\d{1,2})\.(\d{2})`)
	clockCJK    = regexp.MustCompile(`(\d{1,2})\s*[時时点點시]\s*(\d{1,2})\s*[分분](?:\s*(\d{1,2})\s*[秒초])?`)
	hourCJK     = regexp.MustCompile(`(\d{1,2})\s*[時时点點시]()`)
	clockHour   = regexp.MustCompile(`\s(\d{1,2})\s?h()\s*$`)
	hourHalf    = regexp.MustCompile(`\b(\d{1,2})\s*([ap]m)\b`)
	dottedHalf  = regexp.MustCompile(`\b([ap])\.\s?m\b\.?`)
	offset      = regexp.MustCompile(`^\s*(?:gmt|utc|ut|[ecmp][sd]t|ces?t)?:?\s*([+-])(\d{1,2})(?::?(\d{2}))?(?::00)?z?(?:[^\d:]|$)`)
	offsetApart = regexp.MustCompile(`^ -(?: |-)(\d{4})$`)
	frames      = regexp.MustCompile(`(t\d\d:\d\d:\d\d):(?:00$|([+-]))`)
	compactTime = regexp.MustCompile(`^(.*\d)t(\d{2})(\d{2})?(\d{2})?((?:[.,]\d+)?)(z|[+-].*)?$`)
)

// read takes s apart; false if a part makes no sense.
func (p *dateParser) read(s string) bool {
	if m := zoneName.FindString(s); m != "" {
		zone, err := time.LoadLocation(m)
		if err != nil {
			return false
		}
		p.zone, p.zoned = zone, true
		s = strings.Replace(s, m, " ", 1)
	}
	s = strings.ToLower(dateComment.ReplaceAllString(label.ReplaceAllString(s, ""), " "))
	s = dottedHalf.ReplaceAllString(s, "${1}m ")
	s = frames.ReplaceAllString(s, "${1}${2}")
	if m := compactTime.FindStringSubmatch(s); m != nil {
		s = m[1] + " " + m[2] + ":" + orZeros(m[3]) + ":" + orZeros(m[4]) + m[5] + m[6]
	}
	s, ok := p.bareOffset(s)
	if !ok {
		return false
	}
	before, after, ok := p.clock(s)
	if p.hour >= 0 {
		after = p.offset(after)
	}
	return ok && p.tokens(before, false) && p.tokens(after, p.hour >= 0) && p.applyHalf()
}

func orZeros(s string) string {
	if s == "" {
		return "00"
	}
	return s
}

// clock takes the time of day out of s and returns what stands around it.
func (p *dateParser) clock(s string) (before, after string, ok bool) {
	at := clock.FindStringSubmatchIndex(s)
	for _, expression := range []*regexp.Regexp{clockUhr, clockKl, clockCJK, hourCJK, clockHour} {
		if at == nil {
			at = expression.FindStringSubmatchIndex(s)
		}
	}
	if at == nil {
		if at = hourHalf.FindStringSubmatchIndex(s); at == nil {
			return s, "", true
		}
		p.hour, _ = strconv.Atoi(s[at[2]:at[3]])
		return s[:at[0]], s[at[4]:], p.hour >= 1 && p.hour <= 12
	}
	part := func(i int) (n int, ok bool) {
		if 2*i >= len(at) || at[2*i] < 0 {
			return 0, true
		}
		digits := s[at[2*i]:at[2*i+1]]
		if digits == "" { // an hour alone
			return 0, true
		}
		n, err := strconv.Atoi(digits)
		return n, err == nil && len(digits) <= 2
	}
	var valid [3]bool
	p.hour, valid[0] = part(1)
	p.minute, valid[1] = part(2)
	p.second, valid[2] = part(3)
	if len(at) > 8 && at[8] >= 0 {
		fraction := (s[at[8]:at[9]] + "000000000")[:9]
		p.nano, _ = strconv.Atoi(fraction)
	}
	before, after = s[:at[0]], s[at[1]:]
	leap := p.second == 60 && p.minute == 59
	dayEnd := p.hour == 24 && p.minute == 0 && p.second == 0 && p.nano == 0 // ISO 8601: midnight at the end of the day
	return before, after, valid[0] && valid[1] && valid[2] && (p.hour < 24 || dayEnd) && p.minute < 60 && (p.second < 60 || leap) &&
		!strings.HasPrefix(after, ":") && !strings.HasSuffix(before, "-") && !strings.HasSuffix(before, ":")
}

// offset takes an offset from Greenwich off the front of what follows a time.
func (p *dateParser) offset(after string) string {
	half := ""
	for _, word := range []string{"am", "pm"} {
		if rest, ok := strings.CutPrefix(strings.TrimLeft(after, " "), word); ok {
			half, after = word, rest
		}
	}
	after = offsetApart.ReplaceAllString(after, " -${1}")
	m := offset.FindStringSubmatchIndex(after)
	if m == nil {
		return half + after
	}
	minutes, ok := offsetMinutes(after[m[2]:m[3]], after[m[4]:m[5]], group(after, m, 3))
	if !ok {
		return "?" // no such offset: no token fits it
	}
	end := m[5]
	if m[6] >= 0 {
		end = m[7]
	}
	p.setZone(minutes)
	return half + " " + strings.TrimPrefix(strings.TrimPrefix(after[end:], ":00"), "z")
}

func group(s string, m []int, i int) string {
	if m[2*i] < 0 {
		return ""
	}
	return s[m[2*i]:m[2*i+1]]
}

// offsetMinutes reads +h, +hh, +hmm, +hhmm and +hh:mm, which the expression
// has cut as hh and mm.
func offsetMinutes(sign, hours, minutes string) (int, bool) {
	h, err := strconv.Atoi(hours)
	if err != nil {
		return 0, false
	}
	m := 0
	if minutes != "" {
		if m, err = strconv.Atoi(minutes); err != nil {
			return 0, false
		}
	}
	total := h*60 + m
	if sign == "-" {
		total = -total
	}
	return total, h <= 14 && m < 60
}

var dateOffset = regexp.MustCompile(`^(\s*\d{4}-\d{2}-\d{2})([+-])(\d{2}):?(\d{2})$`)

// bareOffset takes the zone off a date without a time, 2003-12-31+08:00.
func (p *dateParser) bareOffset(s string) (string, bool) {
	m := dateOffset.FindStringSubmatch(s)
	if m == nil {
		return s, true
	}
	minutes, ok := offsetMinutes(m[2], m[3], m[4])
	p.setZone(minutes)
	return m[1], ok
}

func (p *dateParser) setZone(minutes int) {
	p.zone, p.zoned = time.FixedZone("", minutes*60), true
}

// tokens reads numbers and words. afterTime is true behind the time of day,
// where words are zones first.
func (p *dateParser) tokens(s string, afterTime bool) bool {
	var last byte
	for len(s) > 0 {
		r := rune(s[0])
		if r >= 0x80 {
			r = []rune(s)[0]
		}
		n := len(string(r))
		switch {
		case '0' <= r && r <= '9':
			for n < len(s) && '0' <= s[n] && s[n] <= '9' {
				n++
			}
			value, err := strconv.Atoi(s[:n])
			if err != nil || n > 8 {
				return false
			}
			p.numbers = append(p.numbers, number{value: value, digits: n, before: last})
		case unicode.IsLetter(r) || r == 'º' || r == 'ª' || r == '°' || unicode.IsMark(r):
			end := strings.IndexFunc(s, func(r rune) bool {
				return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' && r != 'º' && r != '°' && r != 'ª'
			})
			if end < 0 {
				end = len(s)
			}
			n = end
			if !p.word(s[:n], afterTime) {
				return false
			}
		case strings.ContainsRune(" ,.-/|'·;", r):
		case r == '+' && len(s) > 1: // an offset that could not be read
			return false
		default:
			return false
		}
		last = s[n-1]
		s = s[n:]
	}
	return true
}

// units are the signs behind the parts of Chinese, Japanese and Korean dates.
var units = map[string]rune{"年": '年', "月": '月', "日": '日', "号": '日', "號": '日', "년": '年', "월": '月', "일": '日', "年度": '年'}

// word reads one word; false if it belongs to no date.
func (p *dateParser) word(w string, afterTime bool) bool {
	p.korean = p.korean || strings.ContainsFunc(w, func(r rune) bool { return unicode.Is(unicode.Hangul, r) })
	if rest, ok := strings.CutPrefix(w, "日"); ok && rest != "" { // written without a space: 2日下午
		if _, half := halves[rest]; half {
			return p.word("日", afterTime) && p.word(rest, afterTime)
		}
	}
	if unit, ok := units[w]; ok {
		if len(p.numbers) == 0 {
			return false
		}
		p.numbers[len(p.numbers)-1].unit = unit
		p.chinese = p.chinese || !p.korean
		return true
	}
	if pm, ok := halves[w]; ok {
		p.half = 1
		if pm {
			p.half = 2
		}
		return true
	}
	if afterTime && p.setAbbreviation(w) {
		return true
	}
	folded := foldWord(strings.Trim(w, "'"))
	month, day := p.words.month[folded], p.words.day[folded]
	if month == 0 && bits.OnesCount16(p.words.monthStart[folded]) == 1 {
		month = p.words.monthStart[folded]
	}
	switch {
	case month != 0 && day != 0 && p.weekday == 0 && len(p.numbers) == 0 && p.month == 0:
		// "mar" is March and Tuesday: a second month settles it, else it is March.
		p.weekday, p.month = day, -bits.TrailingZeros16(month)
	case bits.OnesCount16(month) == 1 && p.month <= 0:
		if p.month == 0 || p.weekday != 0 {
			p.month = bits.TrailingZeros16(month)
		}
	case day != 0 && p.weekday == 0:
		p.weekday = day
	case p.words.filler[folded]:
	default:
		return !afterTime && p.hour < 0 && p.setAbbreviation(w)
	}
	return true
}

// setAbbreviation takes w for a time zone.
func (p *dateParser) setAbbreviation(w string) bool {
	if place, ok := places[w]; ok {
		zone, err := time.LoadLocation(place)
		if err != nil {
			return false
		}
		p.us = true
		if !p.zoned {
			p.zone, p.zoned = zone, true
		}
		return true
	}
	if w == "standard" || w == "daylight" || w == "time" {
		return p.zoned
	}
	minutes, ok := zones[w]
	if !ok {
		return false
	}
	if w == "cst" && p.chinese {
		minutes = chinaStandard
	}
	p.us = p.us || minutes <= -240 && minutes >= -600
	if !p.zoned { // an offset given beside it says more
		p.setZone(minutes)
	}
	return true
}

// applyHalf turns twelve hours into twenty-four.
func (p *dateParser) applyHalf() bool {
	if p.half == 0 {
		return true
	}
	if p.hour < 0 {
		return false
	}
	switch {
	case p.half == 2 && p.hour == 0:
		return false
	case p.half == 2 && p.hour < 12:
		p.hour += 12
	case p.half == 1 && p.hour == 12:
		p.hour = 0
	case p.half == 1 && p.hour > 12:
		return false
	}
	return true
}

// instant puts the parts together.
func (p *dateParser) instant() (time.Time, bool) {
	year, month, day, ok := p.day()
	if !ok {
		return time.Time{}, false
	}
	if p.korean && !p.zoned {
		p.setZone(zones["kst"])
	}
	hour := max(p.hour, 0)
	t := time.Date(year, time.Month(month), day, hour, p.minute, p.second, p.nano, p.zone).UTC()
	return t, 1 <= t.Year() && t.Year() <= 9999
}
