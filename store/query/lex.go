package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind int

const (
	lexWord kind = iota
	lexPhrase
	lexOpen
	lexClose
	lexOr
	lexNot
)

// lexeme is one piece of a query as typed.
type lexeme struct {
	kind   kind
	field  string // lower case, "" if none
	text   string // of a word or phrase, without quotes and field
	prefix bool
	typed  string
}

// lex cuts a query into lexemes. Every input is a valid query.
func lex(text string) (out []lexeme, unclosed bool) {
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case unicode.IsSpace(r) || r == 0 || unicode.IsControl(r):
			text = text[size:]
		case r == '(':
			out, text = append(out, lexeme{kind: lexOpen, typed: "("}), text[1:]
		case r == ')':
			out, text = append(out, lexeme{kind: lexClose, typed: ")"}), text[1:]
		case (r == '-' || r == '−') && startsTerm(text[size:]):
			out, text = append(out, lexeme{kind: lexNot, typed: "-"}), text[size:]
		default:
			var l lexeme
			var open bool
			l, text, open = lexTerm(text)
			out, unclosed = append(out, l), unclosed || open
		}
	}
	return out, unclosed
}

func startsTerm(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '(' || isQuote(r) || classOf(r) != other || currencySign(r) != ""
}

func isQuote(r rune) bool { return strings.ContainsRune(`"“”„«»`, r) }

// lexTerm reads a word or phrase with its field.
func lexTerm(text string) (l lexeme, rest string, unclosed bool) {
	l.kind = lexWord
	if i := strings.IndexByte(text, ':'); i > 0 && i < len(text)-1 && fieldName(text[:i]) && !strings.HasPrefix(text[i:], "://") {
		if r, _ := utf8.DecodeRuneInString(text[i+1:]); !unicode.IsSpace(r) && r != ')' {
			l.field = strings.ToLower(text[:i])
			l.typed = text[:i+1]
			text = text[i+1:]
		}
	}
	r, size := utf8.DecodeRuneInString(text)
	if isQuote(r) {
		l.kind = lexPhrase
		end := strings.IndexFunc(text[size:], isQuote)
		if end < 0 {
			l.text, rest, unclosed = text[size:], "", true
		} else {
			l.text = text[size : size+end]
			_, closing := utf8.DecodeRuneInString(text[size+end:])
			rest = text[size+end+closing:]
		}
		l.typed += text[:len(text)-len(rest)]
		if strings.HasPrefix(rest, "*") {
			l.prefix, rest = true, rest[1:]
		}
		return l, rest, unclosed
	}
	end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '(' || r == ')' || r == '"' })
	if end < 0 {
		end = len(text)
	}
	if end == 0 {
		end = size
	}
	l.text, rest = text[:end], text[end:]
	l.typed += l.text
	if l.field == "" {
		switch l.text {
		case "OR", "|", "||":
			l.kind = lexOr
		case "NOT":
			l.kind = lexNot
		}
	}
	if t := strings.TrimRight(l.text, "*"); t != l.text && t != "" {
		l.text, l.prefix = t, true
	}
	return l, rest, false
}

// fieldName reports whether s could be the name of a field.
func fieldName(s string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '.' || r == '_') {
			return false
		}
	}
	return len(s) <= 20
}
