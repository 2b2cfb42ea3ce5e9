package claim

import (
	"errors"
	"testing"
)

// TestTwice: a phrase stands once for a meaning, whichever file it is in.
func TestTwice(t *testing.T) {
	l := newLexicon()
	for _, e := range []struct {
		kind, value, lang, phrase string
		twice                     bool
	}{
		{"gpu", "", "", "AI chips", false},
		{"gpu", "", "", "ai-chips", true}, // hyphens and capitals tell nothing
		{"gpu", "", "en", "ai chips", true},
		{"chip", "", "en", "ai chips", false},
		{"mod", "planned", "de", "soll", false},
		{"mod", "planned", "nl", "soll", false},
		{"mod", "rumored", "de", "soll", false},
		{"mod", "planned", "de", "soll*", false},
		{"mod", "planned", "de", "söll", true},
		{"mod", "planned", "", "soll", true},
	} {
		if err := l.add(e.kind, e.value, e.lang, e.phrase); errors.Is(err, errTwice) != e.twice {
			t.Errorf("%+v: %v", e, err)
		}
		if err := l.addOnce(e.kind, e.value, e.lang, e.phrase); err != nil {
			t.Errorf("once: %+v: %v", e, err)
		}
	}
}
