// Package web is the front room of clusterwire: the site that people read and
// the API that scripts query. It reads the archive and never writes to it.
//
// Construct it with New, which takes a Store to read from and gives back one
// http.Handler for everything: pages, lists in every format, the API under
// /api/v1, and the style sheet and script. It opens no listener and
// makes no request to anyone; many claims are weighed beside the requests.
//
// A request takes one way through the package. The router finds a handler; the
// handler turns the address into a news.Query, asks the Store, and gives back
// a reply or an error, both values; one place turns an error into a status and
// a page (or problem+json), and one place writes replies, with validators and
// compression. Pages and the API share the data path but not the types: each
// page has a struct beside its handler and a template of its name, the API has
// the wire types of api.go.
//
// Dump writes the archive to a directory, as the objects that the API gives;
// Config.Dumps serves what it wrote.
//
// Besides it stores nothing but what it can lose: finished pages and the names of
// companies, sources and clusters, kept only while Stats.Changed stands still,
// and the weighed figures of clusters, which take long to make and are shown
// older until fresh ones are there. Streams look for changes once a second and
// end with Config.Closing.
package web
