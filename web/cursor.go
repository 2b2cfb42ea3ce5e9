package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"clusterwire/feeds/news"
)

// sealer signs the cursors that leave the house, together with the list that
// they belong to. So a cursor that was made up, or that is used with other
// filters than it was given for, is an error and not a silent gap in a walk.
type sealer struct{ key []byte }

// newSealer takes the key of Config.Secret. Without one the seal still binds a
// cursor to its list, but does not keep anyone from making one.
func newSealer(secret string) sealer {
	sum := sha256.Sum256([]byte("clusterwire cursor\x00" + secret))
	return sealer{sum[:]}
}

// seal makes the cursor that a client gets; "" stays "".
func (s sealer) seal(cursor string, q news.Query) string {
	if cursor == "" {
		return ""
	}
	return cursor + "~" + s.tag(cursor, q)
}

// open gives the store's cursor back.
func (s sealer) open(sealed string, q news.Query) (string, error) {
	if sealed == "" {
		return "", nil
	}
	cursor, tag, found := strings.Cut(sealed, "~")
	if !found || !hmac.Equal([]byte(tag), []byte(s.tag(cursor, q))) {
		return "", badInput("cursor", "is not one that this list gave: start at its first page")
	}
	return cursor, nil
}

// tag signs a cursor and what selects its list: not how much of it is asked
// for at a time, nor in which format.
func (s sealer) tag(cursor string, q news.Query) string {
	mac := hmac.New(sha256.New, s.key)
	parts := [][]string{{cursor, q.Text, string(q.Order), rfc3339(q.Since), rfc3339(q.Until)},
		q.Companies, q.Sources, names(q.Kinds), q.Languages, q.Countries, names(q.Topics), q.Clusters}
	for _, p := range parts {
		mac.Write([]byte(strings.Join(p, "\x00") + "\x01"))
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:9])
}
