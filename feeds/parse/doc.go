// Package parse reads what publishers list their articles in: RSS 0.9 to
// 2.0, RDF, Atom 0.3 and 1.0, CDF, JSON Feed, sitemaps and news sitemaps into
// a news.Document, and OPML into lists of feeds and back.
//
//	doc, err := parse.Feed(body, parse.Input{URL: final, ContentType: header})
//
// Feed and OPML are pure functions of their arguments, keep nothing and never
// panic; an error is always an *Error with a class for machines and a reason
// for people. Cost is bounded: time is linear in the body, and depth, nodes,
// items and the size of every field have limits (limits.go).
//
// Publishers' XML is broken often enough that a strict parser loses whole
// feeds to one byte. So the reader here (scan.go) never gives up: it reads
// stray markup as text, closes what was left open, ignores document types
// but for plain entities, and says so in Document.Damaged. Elements are then
// looked up by name in one vocabulary for all XML formats (vocabulary.go),
// since real feeds mix them. Every field is cleaned here, by feeds/clean.
package parse
