// Package eval scores what the rooms conclude against what people labelled:
// precision, recall and F1 of sets, overall and per key; B-cubed and pair F1
// of groupings; confusion of one label with another; and labelled texts and
// claims as files that people can read and extend.
//
// There is nothing to construct but zero values: a Tally adds up sets, a
// ClaimTally adds up claims, a Confusion adds up labels, BCubed and Pairs
// compare two groupings, and ReadTexts, ReadClaims and ReadQuotes read
// labelled sets. All of it is pure, and nothing is stored.
package eval
