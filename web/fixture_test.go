package web

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/claim"
	"clusterwire/feeds/news"
	"clusterwire/store"
	"clusterwire/store/storetest"
)

// present is the clock of these tests: some time after the newest sample.
var present = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// hostile is what a publisher might put where a title, name or text belongs.
const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}</title>&lt;b&gt;`

// special are articles that pages must be able to bear: other scripts and
// directions, no date, no text, words that do not break, and an attacker's.
func special() []news.Opened {
	type row struct{ lang, title, summary, company, url string }
	rows := []row{
		{"ja", "アップル、ヒューストンでAIサーバーの生産を開始", "同社は予定より早く出荷を始めたと述べた。", "xai", "https://rack.example/ja"},
		{"zh", "华为昇腾集群扩容至一万卡，运营商公布能耗数据", "新集群位于贵州，采用液冷。", "meta", "https://rack.example/zh"},
		{"ar", "مركز بيانات جديد للذكاء الاصطناعي بقدرة 1 غيغاواط", "المرحلة الأولى بقدرة 200 ميغاواط ستدخل الخدمة العام المقبل.", "meta", "https://rack.example/ar"},
		{"he", "מעבדת מחקר ענקית נבנית בצפון", "המתחם ישתרע על 10,000 מטר רבוע.", "nvidia", "https://rack.example/he"},
		{"de", "Rechenzentrumsbetreiberinnen und Netzanschlussgenehmigungsbehörden streiten über Wasserentnahmegenehmigungen", "", "meta", "https://netzblick.example/w"},
		{"it", "Colossus è acceso: centomila GPU in quattro mesi", "Il cluster di Memphis è entrato in funzione.", "xai", "https://rack.example/it"},
		{"en", hostile, hostile, "xai", "https://rack.example/?q=%22%3E%3Cscript%3E"},
		{"en", "", "An article whose page gives it no title.", "xai", "https://rack.example/untitled"},
		{"", strings.Repeat("W", 300), strings.Repeat("word ", 70), "xai", "https://rack.example/" + strings.Repeat("long/", 100)},
		{"en", "=HYPERLINK(\"http://evil.example\")", "+1 -1 @SUM(A1)\u2028line", "xai", "https://rack.example/formula"},
	}
	out := make([]news.Opened, len(rows))
	for i, row := range rows {
		o := storetest.Article(1000 + i)
		at := present.Add(-time.Duration(i*i) * 3 * time.Hour).Add(-time.Hour)
		o.Article.Title, o.Article.Summary, o.Article.Language = row.title, row.summary, row.lang
		o.Reading.Language = row.lang
		o.Article.URL, o.Article.Canonical, o.Article.Byline = row.url, row.url, row.title
		o.Article.Source, o.Article.Published, o.Article.FirstSeen, o.Article.Modified = "rack-letter", at, at, time.Time{}
		o.Article.Text += " turbines " + row.title + "\n\n" + row.summary
		o.Reading.Mentions = []news.Mention{{Company: row.company, Role: news.RoleSubject, Rule: "name " + row.title, Evidence: o.Reading.Mentions[1].Evidence}}
		if i%3 == 0 {
			o.Article.Dated = news.DatedSeen
		}
		if row.lang == "de" { // and says otherwise than the rest
			twice := 2 * *o.Reading.Claims[0].ValueLo
			o.Article.Source = "netzblick"
			o.Reading.Claims[0].ValueLo, o.Reading.Claims[0].ValueHi = &twice, &twice
		}
		out[i] = o
	}
	hidden := storetest.Article(2000)
	hidden.Reading.Verdict = news.Verdict{Score: 0.1, Reason: "is about the film"}
	hidden.Article.Title = "The film is out"
	return append(out, hidden)
}

// archive opens a real archive with n plain articles and the special ones.
func archive(t testing.TB, n int) *store.DB {
	t.Helper()
	db, _ := storetest.Filled(t, n)
	if _, err := db.SaveArticles(t.Context(), special()); err != nil {
		t.Fatal(err)
	}
	return db
}

// testSite is a site over a real archive.
func testSite(t testing.TB, db Store, change func(*Config)) http.Handler {
	t.Helper()
	cfg := Config{Store: db, Weigh: claim.Weigh, Quality: sampleQuality(), BaseURL: "https://wire.example", Version: "test", Now: func() time.Time { return present }, PerMinute: -1, Contact: "mailto:desk@wire.example", Dumps: t.TempDir()}
	if change != nil {
		change(&cfg)
	}
	h, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// get asks a handler; headers come in pairs.
func get(t testing.TB, h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	return ask(t, h, http.MethodGet, path, headers...)
}

func ask(t testing.TB, h http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	r.Host = "wire.example"
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// decode reads a JSON answer.
func decode[T any](t testing.TB, body io.Reader) T {
	t.Helper()
	var v T
	if err := json.NewDecoder(body).Decode(&v); err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	return v
}

// pagesOf lists an address of every kind of page of an archive whose articles
// were placed into stories.
func pagesOf(t testing.TB, db Store) []string {
	t.Helper()
	top, err := db.Stories(t.Context(), news.StoryQuery{Query: news.Query{Limit: 60}})
	if err != nil {
		t.Fatal(err)
	}
	story := slices.IndexFunc(top.Stories, func(x news.Story) bool { return x.Articles > 1 })
	if story < 0 {
		t.Fatal("the archive has no story of several articles")
	}
	res, err := db.Search(t.Context(), news.Query{Limit: 60})
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"/", "/newest", storyPath(top.Stories[story].ID), "/search", "/search?q=turbines", "/search?q=zzzz", "/search?company=xai&topic=power&from=2024-09-01&to=2027-01-01", "/companies", "/company/xai", "/company/core-scientific",
		"/clusters", "/clusters?by=power_mw", "/cluster/colossus", "/cluster/hyperion", "/claims", "/claims?cluster=colossus&metric=power_mw", "/disputes", "/topics", "/topic/power", "/topic/water", "/archive", "/day/2024-09-02", "/day/2001-01-01",
		"/compare", "/compare?company=xai,meta", "/sources", "/source/rack-letter", "/about", "/help", "/quality", "/api", "/dumps"}
	for _, h := range res.Hits[:12] {
		paths = append(paths, articlePath(h.ID))
	}
	return paths
}

func articleWithTitle(t testing.TB, db Store, title string) news.Hit {
	t.Helper()
	res, err := db.Search(t.Context(), news.Query{Limit: 60})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range res.Hits {
		if h.Title == title {
			return h
		}
	}
	t.Fatalf("no article %.40q among the newest", title)
	return news.Hit{}
}

func emptyArchive(t testing.TB) (*store.DB, Store) {
	t.Helper()
	db := storetest.Open(t)
	return db, db
}

type recorder = httptest.ResponseRecorder

func newRecorder() *recorder { return httptest.NewRecorder() }

// csvRows reads a table.
func csvRows(t testing.TB, r io.Reader) [][]string {
	t.Helper()
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// corpusLines are the lines of every text file in a folder, each once.
func corpusLines(t testing.TB, dir string) []string {
	t.Helper()
	var out []string
	seen := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".txt" {
			return err
		}
		body, err := os.ReadFile(path)
		for _, line := range strings.Split(string(body), "\n") {
			if line = strings.TrimSpace(line); line != "" && !seen[line] {
				seen[line], out = true, append(out, line)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sample picks n of a list, evenly.
func sample(list []string, n int) []string {
	var out []string
	for i := 0; i < min(n, len(list)); i++ {
		out = append(out, list[i*len(list)/min(n, len(list))])
	}
	return out
}

// UPDATE_GOLDEN=1 writes the golden files anew.
var update = os.Getenv("UPDATE_GOLDEN") != ""

// golden compares with a file that is part of the contract with scripts: what
// it loses or renames breaks them, so a change of it is a thing to review.
func golden(t testing.TB, file string, got []byte) {
	t.Helper()
	if update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is not what is served; if that is meant, run: UPDATE_GOLDEN=1 go test ./web -run %s", file, t.Name())
	}
}
