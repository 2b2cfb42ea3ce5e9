package clean

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// declarationWindow is how far into a document a declaration of its encoding
// is looked for. HTML asks for 1,024 bytes; publishers put more before it.
const declarationWindow = 4096

var (
	xmlDeclaration = regexp.MustCompile(`(?i)<\?xml[^>]{0,200}?encoding\s*=\s*["']?\s*([\w.:\-]+)`)
	metaCharset    = regexp.MustCompile(`(?i)<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:\-]+)`)
)

// UTF8 returns body as valid UTF-8 without a byte order mark, NUL or other
// characters that XML forbids, and the name of the encoding it was read in.
//
// The order of evidence: byte order mark; the zero bytes of UTF-16 and
// UTF-32; the charset of contentType; the declaration of XML or HTML; whether
// the bytes are valid UTF-8; the letters of Chinese, Japanese, Korean and
// Cyrillic encodings; at last windows-1252. A declaration that the bytes
// contradict is not believed.
func UTF8(body []byte, contentType string) (text []byte, charset string) {
	if enc, name, skip := byMark(body); enc != nil {
		return legal(decode(enc, body[skip:])), name
	}
	declared, name := declaredEncoding(body, contentType)
	switch {
	case isISO2022JP(body):
		enc, _ := htmlindex.Get("iso-2022-jp")
		return legal(decode(enc, body)), "iso-2022-jp"
	case utf8.Valid(body) && (declared == nil || name == "utf-8" || isLatin(name)):
		// Latin declarations over valid UTF-8 are habit, not fact: the odds
		// that real Latin text forms valid sequences throughout are nil.
		return legal(body), "utf-8"
	case declared != nil && name != "utf-8" && !isLatin(name):
		if text := decode(declared, body); damage(text) <= len(text)/50 {
			return legal(text), name
		}
	}
	if mostlyUTF8(body) {
		return legal(mendUTF8(body)), "utf-8"
	}
	if enc, guess := detect(body); enc != nil {
		return legal(decode(enc, body)), guess
	}
	if declared != nil && name != "utf-8" {
		return legal(decode(declared, body)), name
	}
	return legal(decode(charmap.Windows1252, body)), "windows-1252"
}

// byMark recognises a byte order mark, or UTF-16, UTF-32 and EBCDIC by how
// "<" or "{" and what follows are written. skip is the length of the mark.
func byMark(body []byte) (enc encoding.Encoding, name string, skip int) {
	has := func(prefix string) bool { return bytes.HasPrefix(body, []byte(prefix)) }
	switch {
	case has("\xef\xbb\xbf"):
		if !utf8.Valid(body) {
			return nil, "", 0 // a mark on a body of another encoding
		}
		return encoding.Nop, "utf-8", 3
	case has("\xff\xfe\x00\x00"), has("<\x00\x00\x00"):
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), "utf-32le", 0
	case has("\x00\x00\xfe\xff"), has("\x00\x00\x00<"):
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM), "utf-32be", 0
	case has("\xff\xfe"):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le", 2
	case has("\xfe\xff"):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be", 2
	case has("<\x00"), has("{\x00"):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le", 0
	case has("\x00<"), has("\x00{"):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be", 0
	case has("\x4c\x6f\xa7\x94"):
		return charmap.CodePage037, "cp037", 0
	}
	return nil, "", 0
}

// declaredEncoding is what the header says, else what the document says; nil
// if neither names an encoding that exists.
func declaredEncoding(body []byte, contentType string) (encoding.Encoding, string) {
	var labels []string
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		labels = append(labels, params["charset"])
	}
	head := body[:min(len(body), declarationWindow)]
	for _, declaration := range []*regexp.Regexp{xmlDeclaration, metaCharset} {
		if m := declaration.FindSubmatch(head); m != nil {
			labels = append(labels, string(m[1]))
		}
	}
	for _, label := range labels {
		if enc, name := lookup(label); enc != nil {
			return enc, name
		}
	}
	return nil, ""
}

// aliases are labels met in feeds that neither the WHATWG nor the IANA index
// knows, or that both read too narrowly.
var aliases = map[string]string{
	"u8":           "utf-8",
	"utf_8":        "utf-8",
	"utf":          "utf-8",
	"unicode":      "utf-8", // the bytes would have shown UTF-16 by now
	"utf-16":       "utf-8", // likewise: a declaration that could be read is no UTF-16
	"utf16":        "utf-8",
	"utf-16le":     "utf-8",
	"utf-16be":     "utf-8",
	"utf-32":       "utf-8",
	"utf-32le":     "utf-8",
	"utf-32be":     "utf-8",
	"gb2312":       "gb18030", // a superset, and what publishers mean
	"gb_2312-80":   "gb18030",
	"gbk":          "gb18030",
	"x-gbk":        "gb18030",
	"cp936":        "gb18030",
	"ms936":        "gb18030",
	"euc-cn":       "gb18030",
	"cp949":        "euc-kr",
	"ms949":        "euc-kr",
	"cp932":        "shift_jis",
	"sjis":         "shift_jis",
	"eucjp":        "euc-jp",
	"big5-hkscs":   "big5",
	"cp950":        "big5",
	"latin-1":      "windows-1252",
	"latin_1":      "windows-1252",
	"win-1251":     "windows-1251",
	"win1251":      "windows-1251",
	"win-1252":     "windows-1252",
	"ansi":         "windows-1252",
	"macroman":     "macintosh",
	"mac_roman":    "macintosh",
	"mac_cyrillic": "x-mac-cyrillic",
	"mac-cyrillic": "x-mac-cyrillic",
	"koi8":         "koi8-r",
	"koi8r":        "koi8-r",
	"koi8u":        "koi8-u",
}

// lookup finds the encoding behind a label and its canonical name.
func lookup(label string) (encoding.Encoding, string) {
	label = strings.ToLower(strings.TrimSpace(label))
	if alias, ok := aliases[label]; ok {
		label = alias
	}
	if label == "gb18030" {
		return simplifiedchinese.GB18030, label
	}
	for _, try := range []string{label, strings.ReplaceAll(label, "_", "-"), strings.TrimPrefix(label, "x-")} {
		if enc, err := htmlindex.Get(try); err == nil {
			name, err := htmlindex.Name(enc)
			if err != nil || name == "replacement" || name == "x-user-defined" {
				return nil, ""
			}
			return enc, name
		}
		if enc, err := ianaindex.IANA.Encoding(try); err == nil && enc != nil {
			return enc, try
		}
	}
	return nil, ""
}

// isLatin reports whether name is what software writes when nobody chose.
func isLatin(name string) bool {
	switch name {
	case "windows-1252", "iso-8859-15", "us-ascii", "macintosh":
		return true
	}
	return false
}

// isISO2022JP recognises the escape sequence into Japanese, which no other
// document holds.
func isISO2022JP(body []byte) bool {
	return bytes.Contains(body, []byte("\x1b$B")) || bytes.Contains(body, []byte("\x1b$@"))
}

// decode reads body in enc. Decoders of x/text put U+FFFD for what they can't
// read, so an error means nothing more than an early end.
func decode(enc encoding.Encoding, body []byte) []byte {
	if enc == encoding.Nop {
		return body
	}
	text, err := enc.NewDecoder().Bytes(body)
	if err != nil && len(text) == 0 {
		return bytes.ToValidUTF8(body, []byte("\ufffd"))
	}
	return text
}

// damage counts the characters that could not be read.
func damage(text []byte) int { return bytes.Count(text, []byte("\ufffd")) }

// mostlyUTF8 reports whether body is UTF-8 but for a few stray bytes: more
// good multi-byte sequences than bad bytes, or less than one bad byte in a
// hundred with at least one good sequence.
func mostlyUTF8(body []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(body); {
		r, n := utf8.DecodeRune(body[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	return bad == 0 || good > bad || good > 0 && bad*100 < len(body)
}

// mendUTF8 reads each stray byte of an otherwise valid text as windows-1252,
// which is where it was pasted from. A sequence cut off by the end is dropped.
func mendUTF8(body []byte) []byte {
	out := make([]byte, 0, len(body)+len(body)/50+8)
	for i := 0; i < len(body); {
		r, n := utf8.DecodeRune(body[i:])
		switch {
		case r != utf8.RuneError || n > 1:
			out = append(out, body[i:i+n]...)
		case !utf8.FullRune(body[i:]):
			return out
		default:
			out = utf8.AppendRune(out, charmap.Windows1252.DecodeByte(body[i]))
		}
		i += n
	}
	return out
}

// legal drops what XML 1.0 forbids (NUL and the other C0 controls but tab and
// line ends, U+FFFE, U+FFFF) and byte order marks, and reads C1 controls as
// the windows-1252 punctuation that was meant. It copies only if it must.
func legal(text []byte) []byte {
	clean := true
	for i := 0; i < len(text) && clean; {
		r, n := utf8.DecodeRune(text[i:])
		clean = legalRune(r) == r && (r != utf8.RuneError || n > 1)
		i += n
	}
	if clean {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r = legalRune(r); r >= 0 {
			out = utf8.AppendRune(out, r)
		}
		i += n
	}
	return out
}

// legalRune returns r, what it was meant to be, or -1 to drop it.
func legalRune(r rune) rune {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return r
	case r < ' ', r == 0xFEFF, r == 0xFFFE, r == 0xFFFF, r == 0x7F:
		return -1
	case 0x80 <= r && r <= 0x9F:
		if meant := charmap.Windows1252.DecodeByte(byte(r)); meant > 0x9F && meant != utf8.RuneError {
			return meant
		}
		return -1
	}
	return r
}
