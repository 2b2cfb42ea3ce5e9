package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// detectWindow is how many bytes are read to guess an encoding.
const detectWindow = 64 << 10

// Letters that stand often in each script. A wrong guess yields rare ones.
const (
	frequentHan = "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市" +
		"這來國個說們為時會過學對後麼沒於還發當無開見經頭動兩長樣現將與進實點種聲話兒問機給幾業間電門東聽氣關內軍產萬報導數據網際資訊專題" +
		"报道数据网际资讯专题智能技术公司建设中心"
	frequentCyrillic = "оеаинтсрвлкмдпуяыьгзбчй"
)

// detect guesses among the encodings that feeds leave undeclared. It returns
// nil where no guess is clearly better than Western text.
func detect(body []byte) (encoding.Encoding, string) {
	sample := body[:min(len(body), detectWindow)]
	type candidate struct {
		enc   encoding.Encoding
		name  string
		score func(string) float64
	}
	candidates := []candidate{
		{japanese.EUCJP, "euc-jp", japaneseScore},
		{japanese.ShiftJIS, "shift_jis", japaneseScore},
		{korean.EUCKR, "euc-kr", koreanScore},
		{simplifiedchinese.GB18030, "gb18030", hanScore},
		{traditionalchinese.Big5, "big5", hanScore},
		{charmap.Windows1251, "windows-1251", cyrillicScore},
		{charmap.KOI8R, "koi8-r", cyrillicScore},
		{charmap.ISO8859_5, "iso-8859-5", cyrillicScore},
		{charmap.CodePage866, "ibm866", cyrillicScore},
	}
	best, bestScore := candidate{}, 0.35
	for _, c := range candidates {
		text := string(decode(c.enc, sample))
		if score := c.score(text) - 2*lonely(text); score > bestScore {
			best, bestScore = c, score
		}
	}
	return best.enc, best.name
}

// share is the mean weight of all non-ASCII characters of s. Unreadable ones
// weigh -5, so that a few of them rule an encoding out.
func share(s string, weight func(r rune) float64) float64 {
	n, sum := 0, 0.0
	for _, r := range s {
		if r < utf8.RuneSelf {
			continue
		}
		n++
		if r == utf8.RuneError {
			sum -= 5
			continue
		}
		sum += weight(r)
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// lonely is the share of non-ASCII characters that stand between two ASCII
// ones. Scripts are written in runs; an accent or a curly quote stands alone.
func lonely(s string) float64 {
	n, alone := 0, 0
	runes := []rune(s)
	for i, r := range runes {
		if r < utf8.RuneSelf {
			continue
		}
		n++
		if (i == 0 || runes[i-1] < utf8.RuneSelf) && (i == len(runes)-1 || runes[i+1] < utf8.RuneSelf) {
			alone++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(alone) / float64(n)
}

func hanScore(s string) float64 {
	return share(s, func(r rune) float64 {
		switch {
		case strings.ContainsRune(frequentHan, r):
			return 1
		case unicode.Is(unicode.Han, r):
			return 0.2
		case 0x3000 <= r && r <= 0x303F, 0xFF00 <= r && r <= 0xFF5E, 0x2010 <= r && r <= 0x2026:
			return 0.5
		}
		return -1
	})
}

func japaneseScore(s string) float64 {
	return share(s, func(r rune) float64 {
		switch {
		case 0x3041 <= r && r <= 0x3093, 0x30A1 <= r && r <= 0x30FE:
			return 1
		case unicode.Is(unicode.Han, r):
			return 0.3
		case 0x3000 <= r && r <= 0x303F, 0xFF00 <= r && r <= 0xFF5E:
			return 0.5
		}
		return -1 // half-width kana among it: what any Latin text looks like
	})
}

func koreanScore(s string) float64 {
	return share(s, func(r rune) float64 {
		switch {
		case 0xAC00 <= r && r <= 0xD7A3:
			return 0.8
		case unicode.Is(unicode.Han, r):
			return -0.2
		case 0x3000 <= r && r <= 0x303F:
			return 0.3
		}
		return -1
	})
}

// cyrillicScore wants whole words of frequent lower-case letters: a single
// Cyrillic letter inside a Latin word is an accent read wrongly, and capitals
// after small letters are the mark of the wrong Cyrillic table.
func cyrillicScore(s string) float64 {
	var before rune
	return share(strings.Map(func(r rune) rune {
		was := before
		before = r
		isCyrillic, wasCyrillic := unicode.Is(unicode.Cyrillic, r), unicode.Is(unicode.Cyrillic, was)
		latin := was < utf8.RuneSelf && unicode.IsLetter(was)
		if isCyrillic && latin || isCyrillic && unicode.IsUpper(r) && wasCyrillic && unicode.IsLower(was) {
			return utf8.RuneError
		}
		return r
	}, s), func(r rune) float64 {
		switch {
		case strings.ContainsRune(frequentCyrillic, r):
			return 1
		case unicode.Is(unicode.Cyrillic, r):
			return 0.3
		case r == '«', r == '»', r == '—', r == '–', r == '№', r == '\u00a0', r == '…', r == '“', r == '”':
			return 0.3
		}
		return -1
	})
}
