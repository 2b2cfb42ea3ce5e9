package store

import (
	"strings"
	"testing"

	"clusterwire/feeds/news"
)

// TestClaimsComeInOrder: a page of claims is read off an index in the order of
// articles, so that no more is sorted than the claims of one, however many there
// are.
func TestClaimsComeInOrder(t *testing.T) {
	db, err := Open(t.Context(), t.TempDir()+"/a.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for index, q := range map[string]news.ClaimQuery{
		"claim_standing": {},
		"claim_metric":   {Metric: news.MetricCost},
		"claim_cluster":  {Cluster: "colossus"},
		"claim_org":      {Company: "xai"},
	} {
		where, args := claimFilter(q)
		var plan []string
		err := db.each(t.Context(), "EXPLAIN QUERY PLAN "+statementSQL+where+inOrder, append(args, 50), func(scan func(dest ...any) error) error {
			var id, parent, unused int
			var detail string
			err := scan(&id, &parent, &unused, &detail)
			plan = append(plan, detail)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if text := strings.Join(plan, "; "); !strings.Contains(text, index) || strings.Contains(text, "TEMP B-TREE FOR ORDER BY") {
			t.Errorf("claims of %+v are read so: %s", q, text)
		}
	}
}
