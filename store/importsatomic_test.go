package store

import (
	"errors"
	"testing"

	"clusterwire/feeds/news"
)

// An import fails before each of its statements in turn: nothing of it may
// stay, and after it is called again the archive is that of an undisturbed run.
func TestImportFailureAtEveryStep(t *testing.T) {
	edition := func(powers ...float64) []news.Statement {
		var out []news.Statement
		for _, mw := range powers {
			out = append(out, news.Statement{URL: "https://tables.example", Claim: news.Claim{Cluster: "barn", Metric: news.MetricPower, ValueLo: &mw, ValueHi: &mw, Method: "import"}})
		}
		return out
	}
	source, clusters := news.Source{Slug: "tables", Name: "Tables"}, []news.Cluster{{Slug: "barn", Name: "Barn"}}
	calm, rough, injected, failures := openTemp(t), openTemp(t), errors.New("injected"), 0
	for _, statements := range [][]news.Statement{edition(1, 2, 2), edition(2, 3)} {
		if err := calm.ImportStatements(t.Context(), source, clusters, statements); err != nil {
			t.Fatal(err)
		}
		before := dump(t, rough)
		for at, done := 1, false; !done; at++ {
			n := 0
			rough.w.fail = func(statement string) error {
				if n++; n == at && statement != "ROLLBACK" {
					return injected
				}
				return nil
			}
			err := rough.ImportStatements(t.Context(), source, clusters, statements)
			rough.w.fail = nil
			switch {
			case err == nil:
				done = true
			case !errors.Is(err, injected):
				t.Fatalf("statement %d: %v", at, err)
			case dump(t, rough) != before:
				t.Fatalf("failed at statement %d and left something", at)
			default:
				failures++
			}
		}
		if dump(t, rough) != dump(t, calm) {
			t.Fatal("after failures the archive is another")
		}
	}
	if failures < 15 {
		t.Errorf("only %d failures were tried", failures)
	}
}
