package parse

import (
	"strings"
)

// reader receives what the scanner finds, in document order.
type reader interface {
	// start gets attributes that are valid until it returns.
	start(name string, attrs []attr, selfClosing bool) error
	end(name string)
	text(s string)
	// open is the name of the innermost open element, "" outside of all.
	open() string
}

// scanner reads XML as publishers write it. It finds tags, text, CDATA and
// document types in any bytes, counts what it had to mend, and needs time
// linear in their number.
type scanner struct {
	src      string
	pos      int
	entities entities
	damage   string // the first thing that was mended, "" if nothing was

	attrs   []attr          // of the tag read last
	quotes  [2]int          // where the next " and ' stand, at or behind pos; -1 unknown
	missing map[string]bool // ends that do not come any more
	typed   bool            // a document type has been read
}

// find returns where end stands in rest, which begins at or behind pos. An
// end that is missing once is not looked for again.
func (s *scanner) find(rest, end string) int {
	if s.missing[end] {
		return -1
	}
	i := strings.Index(rest, end)
	if i < 0 {
		s.missing[end] = true
	}
	return i
}

// mend notes that the document is damaged.
func (s *scanner) mend(what string) {
	if s.damage == "" {
		s.damage = what
	}
}

// scan reads src to its end, or to the first error of r.
func (s *scanner) scan(r reader) error {
	s.quotes = [2]int{-1, -1}
	s.missing = map[string]bool{}
	for s.pos < len(s.src) {
		i := strings.IndexByte(s.src[s.pos:], '<')
		if i < 0 {
			r.text(s.entities.decode(s.src[s.pos:]))
			return nil
		}
		if i > 0 {
			r.text(s.entities.decode(s.src[s.pos : s.pos+i]))
			s.pos += i
		}
		if err := s.markup(r); err != nil {
			return err
		}
	}
	return nil
}

// markup reads what begins with the "<" at pos.
func (s *scanner) markup(r reader) error {
	rest := s.src[s.pos:]
	switch {
	case strings.HasPrefix(rest, "<!--"):
		s.skip(rest, 4, "-->", "a comment is not closed")
	case strings.HasPrefix(rest, "<![CDATA["):
		s.cdata(rest, r)
	case strings.HasPrefix(rest, "<?"):
		s.skip(rest, 2, "?>", "a processing instruction is not closed")
	case strings.HasPrefix(rest, "<!"):
		s.declaration(rest, r)
	case strings.HasPrefix(rest, "</"):
		s.endTag(rest, r)
	default:
		return s.startTag(rest, r)
	}
	return nil
}

// skip passes over something with an end of its own; without one, to the
// next ">" or before the next "<".
func (s *scanner) skip(rest string, from int, end, why string) {
	if i := s.find(rest[from:], end); i >= 0 {
		s.pos += from + i + len(end)
		return
	}
	s.mend(why)
	i := strings.IndexAny(rest[1:], "<>")
	switch {
	case i < 0:
		s.pos = len(s.src)
	case rest[1+i] == '<':
		s.pos += 1 + i
	default:
		s.pos += 2 + i
	}
}

// cdata reads a section of plain text. One that is not closed ends with the
// element that it stands in.
func (s *scanner) cdata(rest string, r reader) {
	const start, end = "<![CDATA[", "]]>"
	body := rest[len(start):]
	i := s.find(body, end)
	if i >= 0 {
		r.text(body[:i])
		s.pos += len(start) + i + len(end)
		return
	}
	s.mend("a CDATA section is not closed")
	if i = strings.Index(body, "</"+r.open()); i < 0 || r.open() == "" {
		i = len(body)
	}
	r.text(body[:i])
	s.pos += len(start) + i
}

// declaration reads a document type; what else begins with "<!" is text.
func (s *scanner) declaration(rest string, r reader) {
	if len(rest) < 9 || !strings.EqualFold(rest[:9], "<!DOCTYPE") || r.open() != "" || s.typed {
		if r.open() == "" {
			s.skip(rest, 2, ">", "a declaration is not closed")
			return
		}
		s.mend("a declaration inside the document")
		r.text("<")
		s.pos++
		return
	}
	s.typed = true
	depth := 0
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '"', '\'':
			if j := strings.IndexByte(rest[i+1:], rest[i]); j >= 0 && depth > 0 {
				i += j + 1
			}
		case '>':
			if depth <= 0 {
				s.entities.declare(rest[:i])
				s.pos += i + 1
				return
			}
		}
	}
	s.skip(rest, 2, ">", "the document type is not closed")
}

// endTag reads "</name>".
func (s *scanner) endTag(rest string, r reader) {
	n := nameLength(rest[2:])
	own := rest // up to the next markup
	if next := strings.IndexByte(rest[1:], '<'); next >= 0 {
		own = rest[:next+1]
	}
	end := strings.IndexByte(own, '>')
	switch {
	case n == 0:
		s.mend("stray markup")
		r.text("</")
		s.pos += 2
		return
	case end < 0: // "</title" without its bracket
		s.mend("an end tag is not closed")
		s.pos += 2 + n
	default:
		s.pos += end + 1
	}
	r.end(strings.ToLower(rest[2 : 2+n]))
}

// startTag reads "<name attributes>". What turns out to be none is text.
func (s *scanner) startTag(rest string, r reader) error {
	begin := s.pos
	n := nameLength(rest[1:])
	if n > 0 {
		s.pos += 1 + n
		attrs, selfClosing, ok := s.attributes()
		if ok {
			return r.start(strings.ToLower(rest[1:1+n]), attrs, selfClosing)
		}
	}
	if n > 0 || len(rest) > 1 {
		s.mend("stray markup")
	}
	r.text("<")
	s.pos = begin + 1
	return nil
}

// attributes reads to the end of a start tag; ok is false if this is no tag.
// What it gives is overwritten by the next tag.
func (s *scanner) attributes() (attrs []attr, selfClosing, ok bool) {
	attrs = s.attrs[:0]
	defer func() { s.attrs = attrs[:0] }()
	for {
		s.space()
		if s.pos >= len(s.src) {
			return attrs, false, false
		}
		switch c := s.src[s.pos]; {
		case c == '>':
			s.pos++
			return attrs, selfClosing, true
		case c == '/':
			selfClosing = true
			s.pos++
			continue
		case c == '<':
			return attrs, false, false
		}
		selfClosing = false
		name, value, ok := s.attribute()
		if !ok {
			return attrs, false, false
		}
		if name != "" && len(attrs) < maxAttributes && len(value) <= maxValue {
			attrs = append(attrs, attr{name, s.entities.decode(value)})
		}
	}
}

// attribute reads name, name=value, name="value" or name='value'. A quotation
// mark that stands for nothing is passed over.
func (s *scanner) attribute() (name, value string, ok bool) {
	begin := s.pos
	for s.pos < len(s.src) && !strings.ContainsRune(" \t\r\n=/<>", rune(s.src[s.pos])) {
		s.pos++
	}
	name = strings.ToLower(s.src[begin:s.pos])
	if strings.ContainsAny(name, `"'`) || name == "" {
		s.mend("a broken attribute")
		if name == "" {
			s.pos++
		}
		name = ""
	}
	s.space()
	if s.pos >= len(s.src) || s.src[s.pos] != '=' {
		return name, "", s.pos < len(s.src)
	}
	s.pos++
	s.space()
	if s.pos >= len(s.src) {
		return "", "", false
	}
	if q := s.src[s.pos]; q == '"' || q == '\'' {
		end := s.nextQuote(q)
		if end < 0 {
			return "", "", false
		}
		value = s.src[s.pos+1 : end]
		if strings.IndexByte(value[:min(len(value), maxValue)], '<') >= 0 && strings.ContainsAny(value, "\n=") && strings.Contains(value, ">") {
			return "", "", false // the quotation mark was missing: this one opens the next value
		}
		s.pos = end + 1
		return name, value, true
	}
	begin = s.pos
	for s.pos < len(s.src) && !strings.ContainsRune(" \t\r\n<>", rune(s.src[s.pos])) {
		s.pos++
	}
	s.mend("an attribute without quotation marks")
	return name, s.src[begin:s.pos], true
}

// nextQuote returns where the value that begins at pos ends. It remembers
// what it found, so that many open quotation marks cost no more than one.
func (s *scanner) nextQuote(q byte) int {
	memo := &s.quotes[0]
	if q == '\'' {
		memo = &s.quotes[1]
	}
	if *memo > s.pos {
		return *memo
	}
	if *memo == len(s.src) {
		return -1
	}
	i := strings.IndexByte(s.src[s.pos+1:], q)
	if i < 0 {
		*memo = len(s.src)
		return -1
	}
	*memo = s.pos + 1 + i
	return *memo
}

func (s *scanner) space() {
	for s.pos < len(s.src) && isSpace(rune(s.src[s.pos])) {
		s.pos++
	}
}

// nameLength returns how many bytes of s are a name, 0 if it begins with none.
func nameLength(s string) int {
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c == ':' || c >= 0x80
		if letter || i > 0 && ('0' <= c && c <= '9' || c == '-' || c == '.') {
			continue
		}
		return i
	}
	return len(s)
}
