// Package lang says which language a text is written in.
//
// Call Of with the text and the languages that were declared for it, most
// trusted first (the entry's, the feed's, the page's). A declared language is
// believed where the text could be in it; else the script decides; else, in
// Latin script, words and letters are weighed. Everything is a pure function
// of its arguments, and nothing is stored: the lists of words and triples of letters
// lie in data/.
package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sample is how many bytes of a text are looked at: headlines are shorter,
// and more does not change the answer.
const sample = 1500

// Of returns the BCP 47 primary subtag of the language of text ("en", "zh"),
// or "" where nothing tells it, as in a text without letters.
func Of(text string, declared ...string) string {
	text = head(text, sample)
	s := scripts(text)
	var detected string
	var detail ranking
	if main := s.main(); main == latin {
		detail = rank(text)
		detected = detail.best()
	} else {
		detected = s.language(text, main)
	}
	for _, d := range declared {
		d = Primary(d)
		if d == "" || !s.plausible(d) || detail.refutes(d) || d == "ja" && simplified(text) {
			continue
		}
		return d
	}
	return detected
}

// Primary returns the primary subtag of a language tag as feeds and pages
// write it ("en-US", "zh_CN", "ZH-Hans"), or "" if it is none.
func Primary(tag string) string {
	tag = strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(tag, "-_.,; "); i >= 0 {
		tag = tag[:i]
	}
	if len(tag) < 2 || len(tag) > 3 {
		return ""
	}
	for _, r := range tag {
		if r < 'a' || r > 'z' {
			return ""
		}
	}
	switch tag { // written often, but no language: countries and old codes
	case "jp":
		return "ja"
	case "cn", "tw":
		return "zh"
	case "kr":
		return "ko"
	case "nb", "nn":
		return "no"
	case "cz":
		return "cs"
	case "und", "mul", "zxx":
		return ""
	}
	return tag
}

// head cuts text after at most n bytes, between runes.
func head(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// script is a group of writing systems that one decision is made on.
type script int

const (
	none script = iota
	latin
	han
	kana
	hangul
	cyrillic
	greek
	arabic
	hebrew
	thai
	devanagari
	kannada
	other
)

// counts is how many letters of each script a text has.
type counts [other + 1]int

func scripts(text string) counts {
	var c counts
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		c[scriptOf(r)]++
	}
	return c
}

func scriptOf(r rune) script {
	switch {
	case r < 0x250, unicode.Is(unicode.Latin, r):
		return latin
	case r == 'ー' || unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return kana
	case unicode.Is(unicode.Han, r):
		return han
	case unicode.Is(unicode.Hangul, r):
		return hangul
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic
	case unicode.Is(unicode.Greek, r):
		return greek
	case unicode.Is(unicode.Arabic, r):
		return arabic
	case unicode.Is(unicode.Hebrew, r):
		return hebrew
	case unicode.Is(unicode.Thai, r):
		return thai
	case unicode.Is(unicode.Devanagari, r):
		return devanagari
	case unicode.Is(unicode.Kannada, r):
		return kannada
	}
	return other
}

// main is the script that a text is written in. Latin product names stand in
// Chinese, Japanese, Korean and Russian headlines in great number, while the
// reverse is rare, so other scripts win with a fifth of the letters, East
// Asian ones with a twelfth; and one of theirs carries about as much as three
// Latin letters.
func (c counts) main() script {
	best, most, total := none, 0, 0
	for s, n := range c {
		if s := script(s); s == han || s == kana || s == hangul {
			n *= 3
		}
		total += n
		if script(s) != latin && n > most {
			best, most = script(s), n
		}
	}
	if total == 0 {
		return none
	}
	if cjk := 3 * (c[han] + c[kana]); cjk*12 >= total {
		if c[kana] > 0 && best == han {
			best = kana
		}
		if best == han || best == kana {
			return best
		}
	}
	if most*5 >= total && best != none {
		return best
	}
	return latin
}

// language names the language that a script other than Latin stands for.
func (c counts) language(text string, s script) string {
	switch s {
	case han:
		return "zh"
	case kana:
		// A Chinese headline may quote a Japanese name: real Japanese has
		// kana for at least one in twelve of its own letters.
		if c[kana]*12 < c[kana]+c[han] {
			return "zh"
		}
		return "ja"
	case hangul:
		return "ko"
	case cyrillic:
		return cyrillicLanguage(text)
	case greek:
		return "el"
	case arabic:
		return arabicLanguage(text)
	case hebrew:
		return "he"
	case thai:
		return "th"
	case devanagari:
		return "hi"
	case kannada:
		return "kn"
	}
	return ""
}

// simplified reports characters that are written so in the People's Republic
// of China alone, and not in Japan.
func simplified(text string) bool {
	return strings.ContainsAny(text, "发这们为时间开关电业东车见长门问题马风飞书务华协单卖变图场块备奖实导层岁币师帮应库张归录总战报拟择亿优传伟伤价众")
}

// cyrillicLanguage goes by letters that one language alone has.
func cyrillicLanguage(text string) string {
	text = strings.ToLower(text)
	switch {
	case strings.ContainsAny(text, "ўЎ"):
		return "be"
	case strings.ContainsAny(text, "іїєґ"):
		return "uk"
	case strings.ContainsAny(text, "јљњђћџ"):
		return "sr"
	case strings.ContainsAny(text, "ыэё"):
		return "ru"
	case strings.Contains(text, "ъ") && strings.Contains(text, " на "):
		return "bg"
	}
	return "ru"
}

// arabicLanguage goes by letters that Persian and Urdu add to Arabic.
func arabicLanguage(text string) string {
	switch {
	case strings.ContainsAny(text, "ٹڈڑںے"):
		return "ur"
	case strings.ContainsAny(text, "پچژگی"):
		return "fa"
	}
	return "ar"
}

// scriptOfLanguage maps languages that are not written in Latin letters to
// the scripts they are written in.
var scriptOfLanguage = map[string][]script{
	"zh": {han}, "ja": {kana, han}, "ko": {hangul}, "ru": {cyrillic}, "uk": {cyrillic}, "bg": {cyrillic},
	"be": {cyrillic}, "mk": {cyrillic}, "sr": {cyrillic, latin}, "el": {greek}, "ar": {arabic}, "fa": {arabic},
	"ur": {arabic}, "he": {hebrew}, "iw": {hebrew}, "th": {thai}, "hi": {devanagari}, "mr": {devanagari},
	"ne": {devanagari}, "kn": {kannada},
}

// plausible reports whether a text with these letters can be in a language.
// A Chinese or Japanese headline may be all product names but for a word.
func (c counts) plausible(language string) bool {
	m := c.main()
	if m == none {
		return true
	}
	want, known := scriptOfLanguage[language]
	if !known {
		return m == latin || m == other
	}
	for _, s := range want {
		if m == s || (s != latin && c[s] > 0) {
			return language != "zh" || c[kana]*12 < c[kana]+c[han] || c[kana] == 0
		}
	}
	return false
}
