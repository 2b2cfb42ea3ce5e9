package claim

import "strings"

// divisions are the last characters of the names of provinces, counties and
// towns, by language.
var divisions = map[string]string{
	"zh": "省市县縣州镇鎮区區乡鄉旗",
	"ja": "県府都道市町村区郡州",
	"ko": "시군구도주읍",
}

// leastDivision is how many characters a name that ends so has at least: 全市,
// 동시 and 다시 are words.
const leastDivision = 3

// glyphPlaces finds places in Chinese, Japanese and Korean: names of the list,
// and what ends like a town's name and begins after a mark, a particle or
// another place. Names that follow one another are one: 北海道苫小牧市.
func (s *sentence) glyphPlaces() []placeHit {
	var found []placeHit
	for i := 0; i < len(s.toks); i++ {
		to, country := s.glyphPlace(i)
		if to == i {
			continue
		}
		p := placeHit{span: span{i, to}, country: country, known: true}
		for next, nation := s.glyphPlace(p.to); next > p.to && !nation; next, nation = s.glyphPlace(p.to) {
			p.to, p.country = next, false // 马来西亚柔佛 is no country any more
		}
		if s.lang == "ja" && s.isDivision(p.to-1) {
			p.to = s.townWithin(p.to)
		}
		if s.lang == "ko" && strings.Contains("동면리", s.text(p.to)) && s.text(p.to) != "" && s.particle(p.to+1) { // 서울 가산동
			p.to++
		}
		found = append(found, p)
		i = p.to - 1
	}
	return found
}

// townWithin returns the token past the town, in kana or Han, that follows the
// name of a prefecture, or at: 青森県むつ市.
func (s *sentence) townWithin(at int) int {
	for i := at; i < at+6 && i < len(s.toks) && s.toks[i].kind == glyph; i++ {
		if s.has(i, "small") || s.has(i, "at") || s.has(i, "link") {
			break
		}
		if i > at && strings.Contains("市町村区郡", s.toks[i].text) {
			return i + 1
		}
	}
	return at
}

// glyphPlace returns the token past the place that begins at i, or i.
func (s *sentence) glyphPlace(i int) (to int, country bool) {
	if i >= len(s.toks) || s.toks[i].kind != glyph {
		return i, false
	}
	to = i
	if h, ok := s.starting(i, "place"); ok {
		to, country = h.to, s.country(h)
		if s.leadsBody(to) || s.lang == "ja" && i > 0 && !s.toks[i].spaced && s.isHan(i) && s.isKatakana(i-1) { // 甘肃电力, アット東京
			return i, false
		}
		if s.isDivision(to) && (!s.begins(to) || s.lang == "zh" && !s.divided(to)) {
			to++
		}
		return to, country
	}
	if _, number := s.readNumber(i); number || s.masked[i] || !s.begins(i) || s.lang == "zh" && (s.has(i, "prep") || s.has(i, "small") || s.has(i, "link")) {
		return i, false
	}
	for j := i; j < len(s.toks) && j-i < 6 && s.toks[j].kind == glyph && s.isHan(j) == s.isHan(i); j++ {
		if s.lang == "zh" && s.has(j, "strong") || j > i && (s.toks[j].spaced || s.has(j, "strong") || s.lang == "zh" && (s.has(j, "mod") || s.has(j, "prep") || s.has(j, "small"))) {
			break
		}
		if j-i+1 >= leastDivision && s.isDivision(j) && (s.lang == "zh" || s.particle(j+1)) {
			return j + 1, false
		}
	}
	return i, false
}

// leadsBody reports whether the name of a place that ends before token at goes on
// as that of a body: 甘肃电力, 東京科学大学.
func (s *sentence) leadsBody(at int) bool {
	for i := at; i < at+4 && i < len(s.toks) && s.toks[i].kind == glyph && !s.toks[i].spaced && (i == at || s.isHan(i-1)); i++ {
		if s.has(i, "orgword") {
			return true
		}
		if s.isDivision(i) || s.has(i, "strong") {
			break
		}
	}
	return false
}

// divided reports whether another division, or a place, follows the character
// at token i, which may then begin its name.
func (s *sentence) divided(i int) bool {
	for j := i + 1; j < i+4; j++ {
		if s.isDivision(j) || s.has(j, "place") {
			return true
		}
	}
	return false
}

// begins reports whether a name may begin at token i.
func (s *sentence) begins(i int) bool {
	if i == 0 || s.toks[i].spaced || s.toks[i-1].kind != glyph {
		return true
	}
	switch s.lang {
	case "zh":
		return s.ends(i, "prep") || s.ends(i, "place") || s.isDivision(i-1)
	case "ja":
		return !s.isHan(i-1) || s.isDivision(i-1)
	}
	return false
}

// particle reports whether token i cannot continue a name.
func (s *sentence) particle(i int) bool {
	if i >= len(s.toks) || s.toks[i].kind != glyph || s.toks[i].spaced {
		return true
	}
	if s.lang == "ja" {
		return !s.isHan(i) || s.begins(i)
	}
	return strings.ContainsAny(s.text(i), "에의와과가는은를을로")
}

func (s *sentence) isDivision(i int) bool {
	return i >= 0 && i < len(s.toks) && s.toks[i].kind == glyph && strings.Contains(divisions[s.lang], s.toks[i].text)
}

func (s *sentence) isKatakana(i int) bool {
	return s.text(i) >= "ァ" && s.text(i) <= "ヺ" || s.text(i) == "ー"
}

func (s *sentence) isHan(i int) bool { return s.text(i) >= "\u3400" && s.text(i) <= "\u9fff" }

// glyphSite returns the site that a place belongs to: named after it in the
// clause, or before it where a word for lying somewhere leads to it.
func (s *sentence) glyphSite(p placeHit) (span, bool) {
	h, ok := s.firstIn(p.to, p.to+2*placeReach, "strong", "")
	if c, campus := s.firstIn(p.to, p.to+placeReach, "campus", ""); campus && (!ok || c.from < h.from) {
		h, ok = c, true
	}
	if ok {
		h, _ = s.starting(h.from, h.kind) // the longest
		not, _ := s.starting(h.from, "nosite")
		ok = not.to < h.to
	}
	for i := p.to; ok && i < h.from; i++ {
		ok = !s.parts(i) || s.text(i) == "、" || s.text(i) == "「"
	}
	if ok && p.country && !s.leads(p, h) {
		return span{}, false
	}
	if ok {
		return span{h.from, h.to}, true
	}
	reach := placeReach
	switch {
	case s.lang == "zh" && s.ends(p.from, "prep"):
	case s.lang != "zh" && s.has(p.to, "at") && s.any(p.to, p.to+8, "online"): // 神戸市で稼働する
		reach *= 3
	default:
		return span{}, false
	}
	for i := p.from - 1; i >= 0 && i > p.from-reach; i-- {
		if h, ok := s.starting(i, "strong"); ok {
			return span{h.from, h.to}, true
		}
	}
	return span{}, false
}

// leads reports whether a country is where site stands, not whose industry is
// spoken of: 在法国建设, フランスに, and with a figure 日本のデータセンター.
func (s *sentence) leads(p placeHit, site hit) bool {
	if s.lang == "zh" {
		return s.ends(p.from, "prep")
	}
	if s.has(p.to, "into") {
		return true
	}
	return s.has(p.to, "link") && site.from == p.to+1 && (s.any(0, len(s.toks), "unit") || s.any(0, len(s.toks), "cur"))
}
