package web

import (
	"strings"
	"testing"
)

func TestChooseCoding(t *testing.T) {
	e, err := newEncoders()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ accept, want string }{
		{"", ""},
		{"gzip", "gzip"},
		{"gzip, deflate, br, zstd", "br"},
		{"gzip, zstd", "zstd"},
		{"br;q=0.5, gzip;q=0.8", "gzip"},
		{"br;q=0, gzip;q=0", ""},
		{"*", "br"},
		{"*;q=0.1, br;q=0", "zstd"},
		{"identity", ""},
		{"identity;q=1, gzip;q=0.5", ""},
		{"gzip;q=0.001", "gzip"},
		{"gzip;q=nan", ""},
		{"gzip;q=-1", ""},
		{"gzip;q=1.0001", ""},
		{"gzip;q=2", ""},
		{"gzip;q=", ""},
		{"gzip;q=1e0", ""},
		{"GZip ; Q=0.3", "gzip"},
		{"xgzip", ""},
		{", ,,gzip", "gzip"},
		{"deflate", ""},
	} {
		if got := e.choose(c.accept, "text/html; charset=utf-8", 10_000, true); got != c.want {
			t.Errorf("Accept-Encoding %q: %q, want %q", c.accept, got, c.want)
		}
	}
	if got := e.choose("gzip", "image/png", 10_000, true); got != "" {
		t.Errorf("a picture was compressed with %s", got)
	}
	if got := e.choose("gzip", "text/html", 100, true); got != "" {
		t.Errorf("100 bytes were compressed with %s", got)
	}
}

func TestNegotiate(t *testing.T) {
	for _, c := range []struct{ accept, want string }{
		{"", ""},
		{"*/*", ""},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ""},
		{"application/json", "json"},
		{"application/atom+xml", "atom"},
		{"application/rss+xml, application/atom+xml;q=0.9", "rss"},
		{"application/feed+json", "feed.json"},
		{"text/csv", "csv"},
		{"application/x-ndjson", "ndjson"},
		{"text/html;q=0.2, application/json;q=0.9", "json"},
		{"text/plain", ""},
	} {
		if got := negotiate(c.accept); got.suffix != c.want {
			t.Errorf("Accept %q: %q, want %q", c.accept, got.suffix, c.want)
		}
	}
}

func TestCutFormat(t *testing.T) {
	for _, c := range []struct{ path, stem, suffix string }{
		{"/search", "/search", ""},
		{"/search.json", "/search", "json"},
		{"/search.feed.json", "/search", "feed.json"},
		{"/company/xai.atom", "/company/xai", "atom"},
		{"/.json", "/.json", ""},
		{"/company/.csv", "/company/.csv", ""},
	} {
		if stem, f := cutFormat(c.path); stem != c.stem || f.suffix != c.suffix {
			t.Errorf("%s: %q %q, want %q %q", c.path, stem, f.suffix, c.stem, c.suffix)
		}
	}
}

func TestCells(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"=1+1", "'=1+1"}, {"+49", "'+49"}, {"-1", "'-1"}, {"@SUM(A1)", "'@SUM(A1)"}, {"\t=1", "'\t=1"}, {"\r=1", "'\r=1"},
		{"plain", "plain"}, {"", ""}, {"a=b", "a=b"}, {"'=1", "'=1"},
	} {
		if got := cells(c.in)[0]; got != c.want {
			t.Errorf("cell %q: %q, want %q", c.in, got, c.want)
		}
	}
	if strings.Join(csvHead(), ",") == "" || len(csvHead()) != len(csvRow(articleJSON{})) {
		t.Error("the head of the table does not fit its rows")
	}
}
