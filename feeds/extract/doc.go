// Package extract reads HTML pages: the article on a page with its metadata,
// the links of a listing, the feeds that a page points at.
//
// There is nothing to construct:
//
//	page, err := extract.Page(body, extract.Input{URL: final, ContentType: ct})
//
// Page gives a news.Page whose text is what two extractors agree on. An
// *Error says that the bytes are no HTML page at all; Page.Refused that they
// are one, but no article. The package stores nothing and reaches no net; the
// one thing that it asks of the machine is a timer, because an extractor that
// meets a hostile page can't be stopped, only left behind.
package extract
