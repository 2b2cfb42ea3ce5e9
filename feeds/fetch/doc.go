// Package fetch is how clusterwire reads the open internet: one client for
// feeds, pages, robots.txt, discovery and hubs, polite to those who serve it
// and not fooled by those who don't.
//
// Construct it with New, ask with Get:
//
//	client, err := fetch.New(fetch.Config{UserAgent: "clusterwire/1.0 (+https://example.org/about; feed fetcher)"})
//	answer, err := client.Get(ctx, fetch.Request{URL: feed.URL, For: fetch.ForFeed, Validators: feed.Validators})
//
// Every failure is an *Error with a class that a program can act on and one
// line for a person. Get waits its turn: one request at a time for each host,
// a gap between two of them, first come first served.
//
// A connection is made to public addresses alone, judged when it is dialled
// and so after every lookup and on every redirect; an operator opens private
// prefixes one by one.
//
// It stores nothing. What it remembers (turns of hosts, robots.txt for a day,
// who broke HTTP/2) is in memory, bounded, and lost without harm.
package fetch
