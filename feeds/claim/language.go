package claim

import (
	"strings"

	"clusterwire/feeds/news"
)

// fallback is the language that a text is read in when nothing tells it.
const fallback = "en"

// languageOf returns the language to read a text in: the stated one if it is
// one of ours, else the one whose commonest words the text has most of.
func (r *Reader) languageOf(t news.Text, toks []token) string {
	if script := scriptOf(toks); script != "" {
		return script
	}
	stated, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(t.Language, "_", "-")), "-")
	if _, ok := r.languages[stated]; ok && !isGlyphLanguage(stated) {
		return stated
	}
	best, most := fallback, 1
	for lang, n := range r.commonWords(toks) {
		if n > most || n == most && lang < best {
			best, most = lang, n
		}
	}
	return best
}

// sentenceLanguage returns the language of one sentence of a text in lang: a
// quotation may be in another.
func (r *Reader) sentenceLanguage(toks []token, lang string) string {
	if script := scriptOf(toks); script != "" {
		if isGlyphLanguage(lang) && script == "zh" {
			return lang // a Japanese heading may hold Han alone
		}
		return script
	}
	if isGlyphLanguage(lang) {
		lang = fallback
	}
	counts := r.commonWords(toks)
	best, most := lang, 2*counts[lang]+1
	for other, n := range counts {
		if n > most || n == most && best != lang && other < best {
			best, most = other, n
		}
	}
	return best
}

// commonWords counts, by language, the function words among toks.
func (r *Reader) commonWords(toks []token) map[string]int {
	counts := map[string]int{}
	for i := range toks {
		if toks[i].kind == word {
			for _, lang := range r.function[toks[i].text] {
				counts[lang]++
			}
		}
	}
	return counts
}

func isGlyphLanguage(lang string) bool { return lang == "zh" || lang == "ja" || lang == "ko" }

// scriptOf returns the language that a script tells: Hangul is Korean, Kana is
// Japanese, Han alone Chinese; "" if few glyphs stand among other letters.
func scriptOf(toks []token) string {
	han, kana, hangul, words := 0, 0, 0, 0
	for i := range toks {
		switch {
		case toks[i].kind == word:
			words++
		case toks[i].kind != glyph:
		case toks[i].text >= "가" && toks[i].text <= "힣":
			hangul++
		case toks[i].text >= "぀" && toks[i].text <= "ヿ":
			kana++
		default:
			han++
		}
	}
	switch total := han + kana + hangul; {
	case total == 0 || total < words:
		return ""
	case hangul*4 > total:
		return "ko"
	case kana*8 > total:
		return "ja"
	}
	return "zh"
}
