// Package dateparser takes the place of github.com/markusmobius/go-dateparser,
// which go-trafilatura imports to guess dates from a page's prose. clusterwire
// turns that guessing off (it reads dates itself, see package clean), but the
// import alone costs every command a third of a second at its start and 28 MB
// for as long as it runs, for tables in 200 languages. This package has the
// names that the import needs, and finds no date.
package dateparser

import (
	"errors"
	"time"
)

// Parser stands for the parser of that name.
type Parser struct{ ParserTypes []ParserType }

// ParserType stands for a way of reading dates.
type ParserType uint8

// The ways of reading dates that are named by go-htmldate.
const (
	CustomFormat ParserType = iota
	AbsoluteTime
)

// Configuration stands for the configuration of that name.
type Configuration struct {
	PreferredDateSource PreferredDateSource
	StrictParsing       bool
}

// PreferredDateSource stands for how a date without a year is understood.
type PreferredDateSource uint8

// Past is the source that go-htmldate names.
const Past PreferredDateSource = 1

// Date is a date that was found.
type Date struct{ Time time.Time }

var errNone = errors.New("this parser finds no date")

// Parse finds no date.
func (*Parser) Parse(*Configuration, string, ...string) (Date, error) { return Date{}, errNone }
