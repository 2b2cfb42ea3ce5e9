// Package news is the language of clusterwire: the plain values that every
// room passes to the next.
//
// It holds no logic beyond what a value says about itself, imports the
// standard library alone, and stores nothing. Values come in, values and
// reasons go out; a function that needs the clock, the net or the database
// lives in another room.
//
// Conventions, true of every field unless its comment says otherwise:
//
//   - A string that came from outside has been cleaned: it is valid UTF-8, and
//     plain text unless its name ends in HTML, which is sanitised HTML.
//   - A time is UTC; the zero time means "not stated".
//   - A slug is lower case ASCII letters, digits and hyphens.
//   - A language is a BCP 47 primary subtag ("en", "zh"); "" means unknown.
//   - An offset counts bytes.
package news
