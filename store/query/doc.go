// Package query turns what a person typed into a query tree, and text into
// the terms that the index holds. It is pure: no clock, no database, no error.
//
//	tree, warnings := query.Parse(`company:xai (H100 OR GB200) -rumor`)
//	expr := tree.Expr()              // an FTS5 expression, every word quoted
//	fragments := tree.Snippet(text, 240)
//
// The same analyser, Analyze, makes the terms of stored text and of queries,
// because no tokenizer of the engine finds "H100" in "H100s", a two-character
// word inside a run of Chinese, or "data center" in "datacenter".
//
// # The query language
//
//	word word        both words
//	"word word"      the words side by side
//	a OR b           either; binds looser than side by side
//	-word            not this
//	(a OR b) c       groups
//	pre*             words that begin with pre
//	title:word       in the headline; also title:"two words"
//	company:xai      names a company; company.role:subject asks that the companies named in the query are what the article is about
//	cluster: topic: source: kind: lang: country:
//	                 a filter by slug or code; a,b means either
//	after:2024-09    published in or after; before: published before
//	date:2024-09..2024-12
//	has:claims       has statements with numbers; also has:image, has:cluster
//	gpus:>=100000    a claim with a number in this range; also power:500MW..2GW, cost:>10B
//
// Every field may stand in a group, beside OR and after a "-", but for
// company.role:, which speaks of the whole query.
//
// What can't be understood is searched as words and named in the warnings.
package query
