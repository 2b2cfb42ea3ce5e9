package parse

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
)

// Key returns the identity of an item within its feed: its GUID, else its
// address, else a hash of title, date and content. GUIDs that are addresses
// are compared without scheme and "www.", so that a site's move to https
// makes no new items.
func Key(item news.Item) string {
	guid := item.GUID
	switch {
	case strings.HasPrefix(guid, "http://"), strings.HasPrefix(guid, "https://"):
		_, rest, _ := strings.Cut(guid, "://")
		return strings.TrimPrefix(rest, "www.")
	case guid != "":
		return guid
	case item.URL != "":
		return clean.Key(clean.Canonical(item.URL))
	}
	return "sha256:" + digest(item.Title, dateText(item.Published), item.ContentHTML)
}

// Hash tells an edited item from a repeated one: it is of all that a reader
// would see, and neither of dates nor of markup.
func Hash(item news.Item) string {
	return digest(item.Title, item.URL, item.Summary, item.ContentText)
}

// identify gives every item its key and hash and drops repetitions. Feeds
// that give one GUID to different items are told apart by link and title.
func identify(items []news.Item) []news.Item {
	type face struct{ url, title string }
	faces := map[string]face{}
	shared := map[string]bool{}
	for i := range items {
		items[i].Key, items[i].Hash = Key(items[i]), Hash(items[i])
		f := face{items[i].URL, items[i].Title}
		if other, ok := faces[items[i].Key]; ok && other != f {
			shared[items[i].Key] = true
		}
		faces[items[i].Key] = f
	}
	seen := make(map[string]bool, len(items))
	kept := items[:0]
	for _, item := range items {
		if shared[item.Key] {
			item.Key += "#" + digest(item.URL, item.Title)[:16]
			if seen[item.Key] { // a feed without any identity: the date is all that is left
				item.Key += "#" + dateText(item.Published)
			}
		}
		if seen[item.Key] {
			continue
		}
		seen[item.Key] = true
		kept = append(kept, item)
	}
	return kept
}

// digest is the SHA-256 of parts, in hexadecimal digits. Parts are set apart,
// so that moving a letter from one to the next changes it.
func digest(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

func dateText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
