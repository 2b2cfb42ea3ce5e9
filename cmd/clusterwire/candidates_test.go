package main

import (
	"strings"
	"testing"
	"time"

	"clusterwire/feeds"
	"clusterwire/feeds/news"
	"clusterwire/store"
)

const newSite = "CoreWeave broke ground on its Marigold campus, a data center in West Texas. Marigold will hold 40,000 H200 GPUs, the company said. Locals ask about Project Kestrel, another data center."

// withCandidate is an archive with the article about a new site, and a way to
// run commands on it that must print what is wanted.
func withCandidate(t *testing.T) (path string, run func(want string, args ...string)) {
	t.Helper()
	path = newDatabase(t, "https://courier.example/")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := feeds.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2025, 11, 3, 8, 0, 0, 0, time.UTC)
	a := news.Article{Source: "delta-courier-0", URL: "https://courier.example/1", Canonical: "https://courier.example/1", Title: "A campus rises", Published: at, FirstSeen: at, Language: "en", Text: newSite, Revision: 1}
	if _, err := db.SaveArticles(t.Context(), []news.Opened{{Article: a, Reading: reader.Read(news.Text{Title: a.Title, Body: a.Text, Language: a.Language, URL: a.Canonical, Published: a.Published})}}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	run = func(want string, args ...string) {
		t.Helper()
		code, out, said := call(t, "", append(args, "--db", path)...)
		if code != exitOK || !strings.Contains(out, want) {
			t.Fatalf("%v: code %d, %s%s, want %q", args, code, out, said, want)
		}
	}
	return path, run
}

// TestCandidateBecomesCluster takes a site from an article into the registry:
// listed, confirmed, read with, and taken back.
func TestCandidateBecomesCluster(t *testing.T) {
	path, run := withCandidate(t)
	run(`"slug":"marigold","name":"Marigold","company":"coreweave","articles":1,"sources":1,"quote":"CoreWeave broke ground on its Marigold campus"`, "clusters", "candidates", "--json")
	run("project-kestrel is left out", "clusters", "reject", "Project Kestrel")
	run("Marigold is a cluster now", "clusters", "confirm", "marigold", "--place", "West Texas", "--country", "US")
	if code, out, _ := call(t, "", "clusters", "candidates", "--db", path); code != exitOK || strings.Contains(out, "marigold") || strings.Contains(out, "kestrel") {
		t.Errorf("still candidates: %s", out)
	}
	run("project-kestrel", "clusters", "candidates", "--rejected")
	run("1 articles read again", "reread")
	run("0 articles read again", "reread")
	run(`"slug":"marigold","name":"Marigold","aliases":[],"operator":"coreweave","owner":"","place":"West Texas","country":"US","claims":2`, "clusters", "--json")
	run("", "verify")
	run("marigold is left out", "clusters", "reject", "Marigold")
	run("1 articles read again", "reread")
	if code, out, _ := call(t, "", "clusters", "--json", "--db", path); code != exitOK || strings.Contains(out, "marigold") {
		t.Errorf("still a cluster: %s", out)
	}
	if code, _, said := call(t, "", "clusters", "confirm", "nobody", "--db", path); code == exitOK || !strings.Contains(said, "no candidate") {
		t.Errorf("code %d: %s", code, said)
	}
	if code, _, said := call(t, "", "clusters", "confirm", "marigold", "--operator", "acme", "--db", path); code == exitOK || !strings.Contains(said, "no company") {
		t.Errorf("code %d: %s", code, said)
	}
}

// TestImportKnowsConfirmedClusters imports a row of a site under the other name
// that a person gave it.
func TestImportKnowsConfirmedClusters(t *testing.T) {
	path, run := withCandidate(t)
	run("", "clusters", "confirm", "marigold", "--alias", "Westfield Halls")
	run("1 articles read again", "reread")
	table := strings.ReplaceAll(clustersCSV, "Little Known Cluster", "Westfield Halls")
	if code, out, said := importFile(t, path, table, "--report", "--json"); code != exitOK || !strings.Contains(out, "marigold") || strings.Contains(out, "westfield") {
		t.Errorf("the report: code %d: %s%s", code, out, said)
	}
	if code, out, said := importFile(t, path, table); code != exitOK || !strings.Contains(out, "0 clusters are not in the registry") {
		t.Errorf("code %d: %s%s", code, out, said)
	}
	run(`"slug":"marigold","name":"Marigold","aliases":["Westfield Halls"],"operator":"coreweave","owner":"","place":"","country":"","claims":3`, "clusters", "--json")
}
