package claim

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"clusterwire/feeds/eval"
	"clusterwire/feeds/news"
	"clusterwire/feeds/tag"
)

// longSets are whole articles: what they claim about clusters of the registry
// was labelled before anybody looked at what the rules make of them.
var longSets = []struct {
	name, articles             string
	f1, modality, basis, wrong float64
	leastArticles, leastClaims int
}{
	// First run: precision .727, recall .542, F1 .621, with modality .520, with
	// basis .550, invented .273.
	{"demo", "../../cmd/clusterwire/demo/content", 0.89, 0.81, 0.84, 0.015, 60, 250},
	// First run: precision .824, recall .765, F1 .793, with modality .621, with
	// basis .758, invented .176.
	{"held", "testdata/long/articles", 0.92, 0.83, 0.91, 0.02, 12, 200},
}

// TestLongTexts judges the claims that are given to a cluster, as the line
// reads them, with the companies of feeds/tag. A claim is right if metric,
// value and cluster are; with modality or basis, if that is right too.
func TestLongTexts(t *testing.T) {
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	r := reader(t)
	for _, set := range longSets {
		articles, err := eval.ReadArticles(os.DirFS(set.articles))
		if err != nil {
			t.Fatal(err)
		}
		labels := readArticleLabels(t, r, set.name)
		var tally eval.ArticleTally
		for _, key := range slices.Sorted(maps.Keys(articles)) {
			text := articles[key]
			checkWords(t, key, text, labels[key])
			_, claims := r.Read(text, tagger.Read(text).Mentions)
			for _, c := range claims {
				if err := r.Verify(text, c); err != nil {
					t.Errorf("%s: %v", key, err)
				}
			}
			for _, line := range tally.Add(claims, labels[key]) {
				if testing.Verbose() {
					t.Logf("%s: %s", key, line)
				}
			}
		}
		for key := range labels {
			if _, ok := articles[key]; !ok {
				t.Errorf("%s labels %s, which is no article", set.name, key)
			}
		}
		all, modality, basis := tally.All(), tally.Modality().F1(), tally.Basis().F1()
		invented := 1 - all.Precision
		t.Logf("%s: precision %.3f, recall %.3f, F1 %.3f, with modality %.3f, with basis %.3f, invented %.3f, %d of %d found, %d said twice", set.name, all.Precision, all.Recall, all.F1(), modality, basis, invented, tally.Found, tally.Wanted, tally.Repeated)
		if len(labels) < set.leastArticles || tally.Wanted < set.leastClaims {
			t.Errorf("%s: %d articles with %d claims: want %d with %d", set.name, len(labels), tally.Wanted, set.leastArticles, set.leastClaims)
		}
		if all.F1() < set.f1 || modality < set.modality || basis < set.basis || invented > set.wrong {
			t.Errorf("%s: F1 %.3f, with modality %.3f, with basis %.3f, invented %.3f: want %v", set.name, all.F1(), modality, basis, invented, set)
		}
	}
}

// readArticleLabels reads the labels of a set and makes sure that the registry
// has their clusters.
func readArticleLabels(t *testing.T, r *Reader, set string) map[string][]eval.ArticleLabel {
	t.Helper()
	f, err := Articles().Open(set + ".labels")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := eval.ReadArticleLabels(f)
	if err != nil {
		t.Fatalf("%s: %v", set, err)
	}
	for key, labels := range all {
		for _, l := range labels {
			if !slices.ContainsFunc(r.Clusters(), func(c news.Cluster) bool { return c.Slug == l.Cluster }) {
				t.Errorf("%s: %s: no cluster %q", set, key, l.Cluster)
			}
		}
	}
	return all
}

// checkWords makes sure that the words of each label stand in its article.
func checkWords(t *testing.T, key string, text news.Text, labels []eval.ArticleLabel) {
	t.Helper()
	for _, l := range labels {
		if !strings.Contains(text.Title+"\n"+text.Body, l.Quote) {
			t.Errorf("%s: %q is not in the article", key, l.Quote)
		}
	}
}

// TestSetsAreWhole makes sure that the program holds the sets that it is judged by.
func TestSetsAreWhole(t *testing.T) {
	for name, files := range map[string]fs.FS{"articles/en.txt": Articles(), "1/en.txt": Fresh(), "first.tsv": Fresh(), "en.txt": Labelled()} {
		if _, err := fs.Stat(files, name); err != nil {
			t.Error(err)
		}
	}
}
