package news

import "errors"

// ErrNotFound is returned where a thing that was asked for by id, slug or
// address is not in the store.
var ErrNotFound = errors.New("not found")

// BadInputError says that what a person or script gave can't be used, and
// which part of it.
type BadInputError struct {
	Field  string // the parameter, flag or column
	Reason string // one line, lower case, no full stop
}

// Error gives the field and the reason.
func (e *BadInputError) Error() string {
	if e.Field == "" {
		return e.Reason
	}
	return e.Field + ": " + e.Reason
}
