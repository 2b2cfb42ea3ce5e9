package parse

// The classes of errors.
const (
	ClassEmpty      = "empty"       // nothing but white space
	ClassHTML       = "html"        // an HTML page in place of a feed
	ClassNotAFeed   = "not_a_feed"  // something else
	ClassTooComplex = "too_complex" // nested deeper than any honest document
	ClassTruncated  = "truncated"   // ends before its first item
)

// Error says why a body is no document.
type Error struct {
	Class  string // one of the Class constants
	Reason string // one line, lower case
}

// Error gives the reason.
func (e *Error) Error() string { return e.Reason }
