// Package web is the front room of clusterwire: the site and the JSON API. It
// reads and never writes.
package web
