package parse

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/eval/cost"
)

// BenchmarkFeed reads a feed of twenty items with their full texts.
func BenchmarkFeed(b *testing.B) {
	body := benchFeed()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Feed(body, Input{URL: "https://publisher.example/feed", ContentType: "application/rss+xml"}); err != nil {
			b.Fatal(err)
		}
	}
}

// benchFeed writes twenty items of about 4 KB.
func benchFeed() []byte {
	paragraph := "&lt;p&gt;The operator says that the &lt;a href=\"/grid?a=1\"&gt;grid&lt;/a&gt; takes 150 MW &amp;amp; more, and that " +
		"&lt;b&gt;chips&lt;/b&gt; come later.&lt;/p&gt;\n"
	var items strings.Builder
	for i := range 20 {
		n := strconv.Itoa(i)
		items.WriteString("<item><title>Campus " + n + " opens</title><link>https://publisher.example/" + n + "</link><guid>" + n +
			"</guid><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate><description>" + strings.Repeat(paragraph, 25) + "</description></item>")
	}
	return []byte(rssOf(items.String()))
}

// TestRealFeeds reads every captured feed and compares with what another
// parser counted in it: an oracle, not the truth, so differences are listed
// and bounded.
func TestRealFeeds(t *testing.T) {
	dir := corpus.Path(t, "feeds")
	rows := readIndex(t, filepath.Join(dir, "INDEX.tsv"))
	rows = rows[:min(len(rows), cost.Fewer(1000))]
	var read, fewer, undated, damaged int
	for _, row := range rows {
		body, err := os.ReadFile(filepath.Join(dir, row["file"]))
		if err != nil {
			t.Fatal(err)
		}
		items, _ := strconv.Atoi(row["items"])
		dated, _ := strconv.Atoi(row["dated_items"])
		doc, err := Feed(body, Input{URL: "https://publisher.example/feed"})
		if err != nil {
			t.Logf("%s (%s, %d items): %v", row["file"], row["format"], items, err)
			continue
		}
		read++
		haveDates := 0
		for _, item := range doc.Items {
			if !item.Published.IsZero() || !item.Updated.IsZero() {
				haveDates++
			}
		}
		if doc.Damaged {
			damaged++
			t.Logf("%s: damaged: %v (bozo %s)", row["file"], doc.Warnings, row["bozo"])
		}
		if len(doc.Items) != min(items, maxItems) {
			t.Logf("%s (%s): %d items, the index has %d", row["file"], row["format"], len(doc.Items), items)
		}
		if len(doc.Items) < min(items, maxItems) {
			fewer++
		}
		if haveDates < min(dated, len(doc.Items)) {
			undated++
			t.Logf("%s (%s): %d of %d items dated, the index has %d", row["file"], row["format"], haveDates, len(doc.Items), dated)
		}
	}
	t.Logf("read %d of %d feeds, %d damaged, %d with fewer items than the index, %d with fewer dates", read, len(rows), damaged, fewer, undated)
	// What is not read: an icon, and a test's own JSON with comments. Fewer
	// items: repetitions of one GUID, link and title. Fewer dates: offsets of
	// 30 hours, and words.
	if len(rows) == 0 || len(rows)-read > 2 || fewer > 13 || undated > 3 {
		t.Error("worse than it was")
	}
}

// readIndex reads a table with names in its first line.
func readIndex(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			if i < len(line) {
				row[name] = line[i]
			}
		}
		rows = append(rows, row)
	}
	return rows
}
