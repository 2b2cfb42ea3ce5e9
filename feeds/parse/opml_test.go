package parse

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

var opmlFeeds = []OPMLFeed{
	{URL: "https://a.example/feed?x=1&y=2", Text: `A "quoted" <name> & more`, Title: "A", Type: "rss", Site: "https://a.example/",
		Categories: []string{"/Chips/GPU", "power"}, Language: "en", Ours: map[string]string{"kind": "chips", "country": "US", "note": "refuses 'plain' clients"}},
	{URL: "https://b.example/feed", Text: "数据中心", Folders: []string{"Trade", "Asia"}},
	{URL: "https://c.example/feed", Text: "C", Folders: []string{"Trade", "Asia"}, Description: "d", Version: "RSS2"},
	{URL: "https://d.example/feed", Title: "D", Folders: []string{"Trade"}},
	{URL: "https://e.example/feed", Text: "&amp; stays &amp;"},
}

func TestOPMLRoundTrip(t *testing.T) {
	var b bytes.Buffer
	if err := WriteOPML(&b, "Feeds & more", opmlFeeds); err != nil {
		t.Fatal(err)
	}
	got, err := OPML(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, opmlFeeds) {
		t.Errorf("read back\n%+v\nfrom\n%s", got, b.String())
	}
	var again bytes.Buffer
	if err := WriteOPML(&again, "Feeds & more", got); err != nil {
		t.Fatal(err)
	}
	if again.String() != b.String() {
		t.Errorf("written again, the file differs:\n%s\n%s", b.String(), again.String())
	}
}

func TestOPMLFromElsewhere(t *testing.T) {
	got, err := OPML([]byte(`<?xml version="1.0" encoding="ISO-8859-1"?><opml version="1.1"><body>
		<outline text="Caf` + "\xe9" + `"><outline text="x" xmlUrl=" feed://x.example/rss "/>
		<outline text="no feed" htmlUrl="https://y.example/"/><outline text="bad" xmlUrl="javascript:alert(1)"/></outline>
		<outline title="Z" xmlurl="https://z.example/a b"></body>`))
	if err != nil {
		t.Fatal(err)
	}
	want := []OPMLFeed{
		{URL: "http://x.example/rss", Text: "x", Folders: []string{"Café"}},
		{URL: "https://z.example/a%20b", Title: "Z"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestOPMLLimits(t *testing.T) {
	class := func(err error) string {
		var e *Error
		errors.As(err, &e)
		if e == nil {
			return ""
		}
		return e.Class
	}
	var many strings.Builder
	many.WriteString("<opml><body>")
	for i := range 50_000 {
		fmt.Fprintf(&many, `<outline xmlUrl="https://x.example/%d"/>`, i)
	}
	feeds, err := OPML([]byte(many.String()))
	if len(feeds) != maxOutlines || class(err) != ClassTooComplex {
		t.Errorf("50,000 outlines: %d feeds, %v", len(feeds), err)
	}
	if _, err := OPML([]byte("<opml><body>" + strings.Repeat("<outline text='x'>", 1000))); class(err) != ClassTooComplex {
		t.Errorf("depth 1,000: %v", err)
	}
	nested := "<opml><body>" + strings.Repeat("<outline text='f'>", 40) + "<outline xmlUrl='https://x.example/'/>"
	if feeds, err := OPML([]byte(nested)); err != nil || len(feeds) != 1 || len(feeds[0].Folders) != maxFolders {
		t.Errorf("40 folders: %+v, %v", feeds, err)
	}
	for body, want := range map[string]string{"": ClassEmpty, "<html>": ClassNotAFeed, "<opml><body><outline": ClassTruncated} {
		if _, err := OPML([]byte(body)); class(err) != want {
			t.Errorf("OPML(%q): %v, want %s", body, err, want)
		}
	}
}

func FuzzOPML(f *testing.F) {
	f.Add([]byte(`<opml><body><outline text="a&amp;b" xmlUrl="https://x.example/?a&b" category="a,b"><outline/></outline>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		feeds, err := OPML(body)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteOPML(&b, "t", feeds); err != nil {
			t.Fatal(err)
		}
		if again, err := OPML(b.Bytes()); err != nil || len(again) != len(feeds) {
			t.Errorf("%q: %d feeds became %d: %v", body, len(feeds), len(again), err)
		}
	})
}
