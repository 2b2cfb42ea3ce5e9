package clean

import (
	"math/bits"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The years that a date may name. Earlier ones are errors of software.
const (
	minYear = 1900
	maxYear = 9999
)

// fullYear widens a year of two digits as RFC 2822 section 4.3 does.
func fullYear(n number) int {
	switch {
	case n.digits > 2:
		return n.value
	case n.value < 50:
		return 2000 + n.value
	}
	return 1900 + n.value
}

// exists reports whether the day is on the calendar.
func exists(year, month, day int) bool {
	if year < minYear || year > maxYear || month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// day decides which numbers are year, month and day.
func (p *dateParser) day() (year, month, day int, ok bool) {
	if p.month < 0 {
		p.month = -p.month
		p.weekday = 0
	}
	ns := p.numbers
	if len(ns) > 0 && ns[0].unit != 0 {
		year, month, day = unitDay(ns)
		return year, month, day, exists(year, month, day)
	}
	switch {
	case p.month > 0:
		year, day = dayOfNamedMonth(ns)
		return year, p.month, day, exists(year, p.month, day)
	case len(ns) == 1 && ns[0].digits == 8:
		v := ns[0].value
		year, month, day = v/10000, v/100%100, v%100
	case len(ns) == 1 && ns[0].digits == 4 && p.hour < 0:
		year, month, day = ns[0].value, 1, 1
	case len(ns) == 1 && ns[0].digits == 7:
		return ordinalDay(ns[0].value/1000, ns[0].value%1000)
	case len(ns) == 2 && ns[0].digits == 4 && ns[1].digits == 3:
		return ordinalDay(ns[0].value, ns[1].value)
	case len(ns) == 2 && ns[0].digits == 2 && ns[1].digits == 3 && ns[1].before == '-':
		return ordinalDay(fullYear(ns[0]), ns[1].value)
	case len(ns) == 2 && ns[0].digits == 4 && ns[1].digits <= 2 && p.hour < 0:
		year, month, day = ns[0].value, ns[1].value, 1
	case len(ns) == 2 && ns[1].digits == 4 && ns[0].digits <= 2 && p.hour < 0:
		year, month, day = ns[1].value, ns[0].value, 1
	case len(ns) == 3:
		return p.threeNumbers(ns[0], ns[1], ns[2])
	}
	return year, month, day, exists(year, month, day)
}

// unitDay reads numbers whose units follow them: 2004年5月28日.
func unitDay(ns []number) (year, month, day int) {
	day, month = 1, 0
	seenDay := false
	for _, n := range ns {
		switch {
		case n.unit == '年' && year == 0:
			year = fullYear(n)
		case n.unit == '月' && month == 0:
			month = n.value
		case n.unit == '日' && !seenDay:
			day, seenDay = n.value, true
		default:
			return 0, 0, 0
		}
	}
	return year, month, day
}

// dayOfNamedMonth reads the numbers beside a month's name.
func dayOfNamedMonth(ns []number) (year, day int) {
	switch len(ns) {
	case 1: // a month of a year; a day without a year says too little
		if ns[0].digits == 4 {
			return ns[0].value, 1
		}
	case 2:
		if ns[0].digits == 4 && ns[1].digits <= 2 {
			return ns[0].value, ns[1].value
		}
		if ns[0].digits <= 2 && (ns[1].digits == 4 || ns[1].digits == 2) {
			return fullYear(ns[1]), ns[0].value
		}
	}
	return 0, 0
}

// ordinalDay reads the day of a year.
func ordinalDay(year, day int) (int, int, int, bool) {
	if year < minYear || year > maxYear || day < 1 {
		return 0, 0, 0, false
	}
	t := time.Date(year, 1, day, 0, 0, 0, 0, time.UTC)
	return t.Year(), int(t.Month()), t.Day(), t.Year() == year
}

// threeNumbers decides among year-month-day, day-month-year and
// month-day-year: by where the year stands, by which day exists, by the
// weekday, by the dot (day first everywhere) and by an American zone or clock.
func (p *dateParser) threeNumbers(a, b, c number) (year, month, day int, ok bool) {
	if b.digits == 3 && b.value < 100 {
		b.digits = 2 // a zero too many, as in 2003-012-31
	}
	if a.digits == 4 {
		return a.value, b.value, c.value, b.digits <= 2 && c.digits <= 2 && exists(a.value, b.value, c.value)
	}
	if a.digits > 2 || b.digits > 2 || c.digits != 4 && c.digits != 2 {
		return 0, 0, 0, false
	}
	sep := b.before
	if c.digits == 2 && sep == '-' { // ISO 8601 of the old school: 03-12-31
		year = fullYear(a)
		return year, b.value, c.value, a.digits == 2 && exists(year, b.value, c.value)
	}
	year = fullYear(c)
	european, american := exists(year, b.value, a.value), exists(year, a.value, b.value)
	if european && american && a.value != b.value && p.weekday != 0 {
		european, american = p.falls(year, b.value, a.value), p.falls(year, a.value, b.value)
	}
	switch {
	case european && american && a.value != b.value && sep != '.':
		if sep != '/' || !p.us && p.half == 0 {
			return 0, 0, 0, false
		}
		return year, a.value, b.value, true
	case european:
		return year, b.value, a.value, true
	case american:
		return year, a.value, b.value, true
	}
	return 0, 0, 0, false
}

// falls reports whether a day falls on a weekday that was named.
func (p *dateParser) falls(year, month, day int) bool {
	weekday := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Weekday()
	return p.weekday&(1<<weekday) != 0 || bits.OnesCount8(p.weekday) == 0
}

var (
	unixFloat   = regexp.MustCompile(`^(\d{9,10})\.\d+$`)
	allDigits   = regexp.MustCompile(`^\d+$`)
	centuryLess = regexp.MustCompile(`^-(\d{2})-?(\d{2})$`) // ISO 8601:1988: -YY-MM, -YYMM
)

// The instants that a bare number may count to, in seconds: 1990 to 2100.
const (
	minUnix = 631152000
	maxUnix = 4102444800
)

// compactDate reads what has no room for words: seconds since 1970, and ISO
// 8601 without separators or century.
func compactDate(s string) (time.Time, bool) {
	if m := centuryLess.FindStringSubmatch(s); m != nil {
		year, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		return dayInstant(fullYear(number{value: year, digits: 2}), month, 1)
	}
	s = unixFloat.ReplaceAllString(s, "$1")
	if !allDigits.MatchString(s) || len(s) > 16 {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	switch len(s) {
	case 5: // YYDDD
		year, month, day, ok := ordinalDay(fullYear(number{value: int(n / 1000), digits: 2}), int(n%1000))
		if !ok {
			return time.Time{}, false
		}
		return dayInstant(year, month, day)
	case 6: // YYMMDD; as YYYYMM it would be another day
		if year := int(n / 100); year >= minYear && year < 2100 {
			return time.Time{}, false
		}
		return dayInstant(fullYear(number{value: int(n / 10000), digits: 2}), int(n/100%100), int(n%100))
	case 9, 10:
		return time.Unix(n, 0).UTC(), minUnix <= n && n < maxUnix
	case 12, 13:
		return time.UnixMilli(n).UTC(), minUnix*1000 <= n && n < maxUnix*1000
	case 14:
		t, err := time.Parse("20060102150405", s)
		return t, err == nil && t.Year() >= minYear
	case 16:
		return time.UnixMicro(n).UTC(), minUnix*1e6 <= n && n < maxUnix*1e6
	}
	return time.Time{}, false
}

func dayInstant(year, month, day int) (time.Time, bool) {
	if !exists(year, month, day) {
		return time.Time{}, false
	}
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC), true
}

// frequentLayouts are what nearly all feeds write; package time reads them a
// hundred times faster than the parser of words.
var frequentLayouts = []string{time.RFC3339, "Mon, 02 Jan 2006 15:04:05 GMT", time.RFC1123Z}

// frequentDate reads a date in one of them. What is odd about a date in such a
// form (a leap second, an offset that no place has) is left to the parser.
func frequentDate(s string) (time.Time, bool) {
	if len(s) < 20 || len(s) > 35 {
		return time.Time{}, false
	}
	layout := frequentLayouts[0]
	switch {
	case s[4] == '-':
	case strings.HasSuffix(s, " GMT"):
		layout = frequentLayouts[1]
	default:
		layout = frequentLayouts[2]
	}
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() < minYear {
		return time.Time{}, false
	}
	if _, offset := t.Zone(); offset < -14*3600 || offset > 14*3600 || strings.HasSuffix(s, "60") {
		return time.Time{}, false
	}
	t = t.UTC()
	return t, t.Year() <= maxYear
}
