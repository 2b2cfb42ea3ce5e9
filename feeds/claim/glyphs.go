package claim

// readGlyphs reads a number in Chinese, Japanese or Korean characters:
// 十万, 二十万, 백만. One that is a lone digit is a number only before a scale.
func (s *sentence) readGlyphs(i int) (number, bool) {
	n := number{from: i, to: i, words: true}
	if _, small := glyphSmall(s.toks[i].text); !small {
		if _, unit := glyphUnit(s.toks[i].text); !unit {
			return n, false
		}
	}
	switch s.toks[i].text {
	case "万", "萬", "만", "亿", "億", "억", "兆", "조":
		return n, false
	}
	if i > 0 {
		switch s.toks[i-1].text {
		case "数", "數", "几", "幾", "上", "成", "多", "수": // some, several
			return n, false
		}
	}
	n = s.scaleGlyphs(n)
	if n.to == i || n.value < 10 {
		return n, false
	}
	return n, true
}

// scaleGlyphs continues n over the characters after it: 10万, 1兆2000億, 三万五千.
// n.value is what the digits before them said.
func (s *sentence) scaleGlyphs(n number) number {
	total, section, current := 0.0, 0.0, n.value
	pending := n.to > n.from // digits read but not yet scaled
	i, scaled := n.to, false
	for i < len(s.toks) {
		t := &s.toks[i]
		if t.kind == digits && scaled && !pending && !t.spaced || t.kind == digits && scaled && !pending && s.lang == "ko" {
			v, _, ok := parseDigits(t.text, false)
			if !ok || i+1 >= len(s.toks) && v > 9999 {
				break
			}
			current, pending, i = v, true, i+1
			continue
		}
		if t.kind != glyph {
			break
		}
		if v, ok := glyphSmall(t.text); ok {
			if pending && !n.words {
				break
			}
			current, pending, i = v, true, i+1
			continue
		}
		if pending && i+1 < len(s.toks) && (t.text == "余" || t.text == "餘" || t.text == "多" || t.text == "여") {
			if _, ok := glyphUnit(s.toks[i+1].text); ok { // 10余万
				i++
				continue
			}
		}
		f, ok := glyphUnit(t.text)
		if _, unit := s.starting(i, "unit"); !ok || unit { // 千瓦 and 兆瓦 are units
			break
		}
		if !pending && total == 0 {
			current = 1
		}
		if f < 1e4 {
			section += current * f
		} else if !pending && section == 0 && total > 0 { // 万亿
			total *= f
		} else {
			total += (section + current*btof(pending || section == 0)) * f
			section = 0
		}
		current, pending, scaled, i = 0, false, true, i+1
	}
	if !scaled {
		return n
	}
	n.value = decimal(total + section + current*btof(pending))
	n.other, n.to, n.bare = n.value, i, false
	return n
}

func btof(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// glyphSmall returns the value of a digit in characters.
func glyphSmall(s string) (float64, bool) {
	switch s {
	case "一", "壹", "일":
		return 1, true
	case "二", "两", "兩", "이":
		return 2, true
	case "三", "삼":
		return 3, true
	case "四", "사":
		return 4, true
	case "五", "오":
		return 5, true
	case "六", "육":
		return 6, true
	case "七", "칠":
		return 7, true
	case "八", "팔":
		return 8, true
	case "九", "구":
		return 9, true
	}
	return 0, false
}

// glyphUnit returns the value of a power of ten in characters.
func glyphUnit(s string) (float64, bool) {
	switch s {
	case "十", "십":
		return 10, true
	case "百", "백":
		return 100, true
	case "千", "천":
		return 1000, true
	case "万", "萬", "만":
		return 1e4, true
	case "亿", "億", "억":
		return 1e8, true
	case "兆", "조":
		return 1e12, true
	}
	return 0, false
}
