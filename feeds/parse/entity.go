package parse

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/charmap"
)

// entities decodes references: to characters, to what HTML names, and to the
// plain entities that the document type declares.
type entities struct {
	declared map[string]string
	left     int // bytes that declared entities may still add
}

// decode replaces the references in s. What is none stays as it is written:
// publishers put bare ampersands into titles and addresses.
func (e *entities) decode(s string) string {
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i >= 0 {
		b.WriteString(s[:i])
		s = s[i:]
		end := strings.IndexByte(s[:min(len(s), 40)], ';')
		text, ok := "", false
		if end > 1 {
			text, ok = e.reference(s[1:end])
		}
		if ok {
			b.WriteString(text)
			s = s[end+1:]
		} else {
			b.WriteByte('&')
			s = s[1:]
		}
		i = strings.IndexByte(s, '&')
	}
	b.WriteString(s)
	return b.String()
}

// reference returns what stands for the name of a reference.
func (e *entities) reference(name string) (string, bool) {
	if name[0] == '#' {
		return character(name[1:])
	}
	if text, ok := e.declared[name]; ok {
		if e.left -= len(text); e.left < 0 {
			return "", true
		}
		return text, true
	}
	written := "&" + name + ";"
	if text := html.UnescapeString(written); text != written && !strings.HasSuffix(text, ";") {
		return text, true
	}
	return "", false
}

// character returns a character by number. Numbers of windows-1252 are read
// as what was meant, controls are dropped, and what is no character is U+FFFD.
func character(number string) (string, bool) {
	base := 10
	if number != "" && (number[0] == 'x' || number[0] == 'X') {
		number, base = number[1:], 16
	}
	if number == "" || strings.Trim(strings.ToLower(number), "0123456789abcdef") != "" {
		return "", false
	}
	n, err := strconv.ParseUint(number, base, 64)
	r := rune(utf8.RuneError)
	if err == nil && n <= utf8.MaxRune {
		r = rune(n)
	} else if base == 10 && strings.Trim(number, "0123456789") != "" {
		return "", false
	}
	switch {
	case r == '\t' || r == '\n' || r == '\r':
	case r < ' ', r == 0x7F, r == 0xFFFE, r == 0xFFFF:
		return "", true
	case 0x80 <= r && r <= 0x9F:
		r = charmap.Windows1252.DecodeByte(byte(r))
	case !utf8.ValidRune(r):
		r = utf8.RuneError
	}
	return string(r), true
}

// declare reads the plain entities of a document type: character data
// without references to other entities. Anything else, external entities
// above all, is left alone.
func (e *entities) declare(doctype string) {
	for len(e.declared) < maxEntities {
		i := strings.Index(doctype, "<!ENTITY")
		if i < 0 {
			return
		}
		doctype = doctype[i+len("<!ENTITY"):]
		name, rest := nextWord(doctype)
		_, value := cutSpace(rest)
		if name == "" || name == "%" || value == "" || value[0] != '"' && value[0] != '\'' {
			continue
		}
		end := strings.IndexByte(value[1:], value[0])
		if end < 0 {
			return
		}
		value, doctype = value[1:end+1], value[end+1:]
		if len(value) > maxEntity {
			continue
		}
		plain := (&entities{}).decode(value)
		if strings.Contains(plain, "<") || strings.Contains(strings.ReplaceAll(value, "&#", ""), "&") {
			continue
		}
		if e.declared == nil {
			e.declared, e.left = map[string]string{}, maxExpanded
		}
		if _, twice := e.declared[name]; !twice {
			e.declared[name] = plain
		}
	}
}

// nextWord returns the first word of s and what follows it.
func nextWord(s string) (word, rest string) {
	_, s = cutSpace(s)
	i := strings.IndexFunc(s, isSpace)
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i:]
}

func cutSpace(s string) (space, rest string) {
	rest = strings.TrimLeftFunc(s, isSpace)
	return s[:len(s)-len(rest)], rest
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }
