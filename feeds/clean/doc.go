// Package clean turns strangers' bytes into ours: text of any encoding into
// UTF-8, HTML into harmless HTML or plain text, addresses into absolute ones
// that can be compared, written dates into instants.
//
// Every function is pure, needs no construction, takes input of any size and
// content, costs time linear in it and never panics. The package stores
// nothing. What can't be made sense of comes back empty: a wrong link, date
// or text is worse than none.
//
// HTML passes two things: our own pass, which makes links absolute, nests,
// bounds and takes text from what is dropped, and then bluemonday with our
// policy (policy.go), the gate behind which nothing else can stand. Text, of
// which no markup is left, needs no gate.
//
// A feed goes through it in this order: UTF8 over the body, then, after
// parsing, Title, HTML, Text, URL and Date over the fields.
package clean
