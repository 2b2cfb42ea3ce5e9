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
		p, ok := s.glyphPlace(i)
		if !ok {
			continue
		}
		for next, more := s.glyphPlace(p.to); more && !next.country; next, more = s.glyphPlace(p.to) {
			p.to, p.country, p.province = next.to, false, next.province // 马来西亚柔佛 is no country any more
		}
		if next, more := s.glyphPlace(p.to + 1); p.province && s.text(p.to) == "・" && more && !next.country && !next.province { // 千葉・白井
			p.to, p.province = next.to, false
		}
		if s.lang == "ko" {
			p.to = s.districtEnd(p.to)
		}
		if s.lang == "zh" && p.province {
			p = s.transcribed(p)
		}
		if h, ok := s.starting(p.to, "zone"); ok {
			p.to, p.province = h.to, false
		}
		if s.lang == "ja" && p.province && s.text(p.to-1) == "州" && s.isKatakana(p.to) { // ミシガン州サリーンタウンシップ
			for p.province = false; s.isKatakana(p.to); p.to++ {
			}
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

// districtEnd returns the token past the districts, each a word of its own, that
// follow a place in Korean which ends before token at: 인천 서구 청라.
func (s *sentence) districtEnd(at int) int {
	for at < len(s.toks) && s.toks[at].kind == glyph && s.toks[at].spaced {
		end := at
		for i := at; i < len(s.toks) && s.toks[i].kind == glyph && (i == at || !s.toks[i].spaced); i++ {
			if strings.Contains("구군시읍면동", s.toks[i].text) && s.particle(i+1) && (i > at+1 || i == at+1 && (s.toks[i].text == "구" && strings.Contains("동서남북중", s.toks[at].text) || strings.Contains("읍면", s.toks[i].text) && strings.Contains("군시", s.text(at-1)))) {
				end = i + 1
			}
		}
		if end == at {
			break
		}
		at = end
		if p, ok := s.glyphPlace(at); ok && !p.country {
			at = p.to
		}
	}
	return s.estateEnd(at)
}

// estates end the names of industrial estates in Korean.
var estates = []string{"산업단지", "일반산단", "산단", "지구", "국가산단", "공단", "밸리"}

// estateEnd returns the token past the industrial estate whose name follows a place
// that ends before token at, in the same word or the next: 포항시 광명일반산단.
func (s *sentence) estateEnd(at int) int {
	word := ""
	for i := at; i < len(s.toks) && i < at+10 && (s.toks[i].kind == glyph || s.toks[i].kind == digits) && (i == at || !s.toks[i].spaced); i++ {
		word += s.toks[i].text
		for _, end := range estates {
			if strings.HasSuffix(word, end) && s.particle(i+1) {
				return i + 1
			}
		}
	}
	return at
}

// transcribed takes in the foreign town, written by sound, that follows the province
// p in Chinese: 得克萨斯州埃尔帕索.
func (s *sentence) transcribed(p placeHit) placeHit {
	if s.text(p.to-1) != "州" {
		return p
	}
	to := p.to
	for to < len(s.toks) && to-p.to < 6 && s.toks[to].kind == glyph && strings.Contains(sounds, s.toks[to].text) && !s.has(to, "mod") {
		to++
	}
	if to-p.to < 2 {
		return p
	}
	p.to, p.province = to, false
	for _, last := range []string{"市", "县", "镇", "郡"} {
		if s.text(p.to) == last {
			p.to++
			break
		}
	}
	return p
}

// sounds are the characters that foreign names are written with in Chinese, by the
// tables of transcription of Xinhua.
const sounds = "来敦赛迦阿埃艾爱安奥巴拜班邦贝本比彼别宾波伯博布查茨达戴丹当道德登邓迪蒂丁东杜顿多厄恩尔法凡范菲费芬夫弗福富盖冈戈格贡古瓜圭哈海汉赫亨洪华霍基吉加贾简杰金居卡凯坎康考科克肯孔库夸昆拉莱赖兰朗劳勒雷黎里利莉连列林琳隆卢鲁路伦罗洛马麦迈曼芒毛梅门蒙米密明摩莫默姆木穆纳娜奈南内尼宁纽农努诺欧帕派潘庞佩彭皮平珀普奇恰钱乔切钦琼丘让热日荣茹儒瑞若萨塞森沙尚绍舍申生圣胜施什石史士舒朔斯丝松苏索所塔泰坦汤唐陶特滕提廷通图托瓦万旺威韦维魏温文翁沃乌武西希锡夏香肖谢欣新辛兴休许逊雅亚扬伊因英雍尤约云宰赞泽曾扎詹张珍芝治兹宗佐"

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

// glyphPlace returns the place that begins at token i.
func (s *sentence) glyphPlace(i int) (placeHit, bool) {
	p := placeHit{span: span{i, i}, known: true}
	if i >= len(s.toks) || s.toks[i].kind != glyph {
		return p, false
	}
	if h, ok := s.starting(i, "place"); ok {
		p.to, p.country, p.province = h.to, s.placeIs(h, isCountry), s.placeIs(h, isProvince)
		if s.leadsBody(p.to) || s.lang == "ko" && !s.begins(i) && !s.isDivision(i-1) || s.lang == "ja" && i > 0 && !s.toks[i].spaced && s.isHan(i) && s.isKatakana(i-1) { // 甘肃电力, アット東京
			return p, false
		}
		if s.isDivision(p.to) && !(s.lang == "zh" && s.text(p.to+1) == "下") && (!s.begins(p.to) || s.lang == "ja" && !s.isHan(p.to-1) || s.lang == "zh" && !s.divided(p.to)) {
			p.province = p.province && strings.Contains(provincial, s.toks[p.to].text)
			p.to++
		}
		return p, true
	}
	if _, number := s.readNumber(i); number || s.masked[i] || !s.begins(i) || s.lang == "zh" && (s.has(i, "prep") || s.has(i, "small") || s.has(i, "link")) {
		return p, false
	}
	for j := i; j < len(s.toks) && j-i < 6 && s.toks[j].kind == glyph && s.isHan(j) == s.isHan(i); j++ {
		if s.lang == "zh" && s.has(j, "strong") || j > i && (s.toks[j].spaced || s.has(j, "strong") || s.lang == "zh" && (s.has(j, "mod") || s.has(j, "prep") || s.has(j, "small"))) {
			break
		}
		if j-i+1 >= leastDivision && s.isDivision(j) && (s.lang == "zh" || s.particle(j+1)) {
			p.to, p.province = j+1, strings.Contains(provincial, s.toks[j].text)
			return p, true
		}
	}
	return p, false
}

// provincial are the last characters of the names of provinces; a 道 may be one of
// Korea's or Hokkaido.
const provincial = "省州県府都道도주"

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
