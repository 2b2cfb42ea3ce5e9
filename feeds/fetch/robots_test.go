package fetch

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// Each case is one robots.txt and what it says of some paths: "+" may be read,
// "-" may not. The rules are those of RFC 9309, 2.2.
var robotsCases = []struct {
	name, text, paths string
}{
	{"empty", "", "+/ +/a"},
	{"for all", "User-agent: *\nDisallow: /a", "-/a -/a/b -/ab +/b +/"},
	{"all closed but itself", "User-agent: *\nDisallow: /", "-/ -/a +/robots.txt -/robots.txt2"},
	{"empty disallow", "User-agent: *\nDisallow:", "+/a"},
	{"our group instead of all", "User-agent: *\nDisallow: /\n\nUser-agent: clusterwire\nDisallow: /x", "+/a -/x"},
	{"our group without rules", "User-agent: *\nDisallow: /\n\nUser-agent: clusterwire", "+/a"},
	{"case of names and keys", "USER-AGENT: ClusterWire\nDISALLOW: /a\ndisallow:/b", "-/a -/b +/c"},
	{"version after the token", "User-agent: clusterwire/2.0\nDisallow: /a", "-/a"},
	{"another token that begins so", "User-agent: cluster\nDisallow: /\nUser-agent: clusterwirebot\nDisallow: /", "+/a"},
	{"groups merged", "User-agent: clusterwire\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: clusterwire\nDisallow: /b", "-/a -/b +/c"},
	{"several names", "User-agent: x\nUser-agent: clusterwire\nDisallow: /a", "-/a"},
	{"other lines between names", "User-agent: x\nSitemap: https://n.example/s.xml\nUnknown: 3\nUser-agent: clusterwire\nDisallow: /a", "-/a"},
	{"a delay ends the names", "User-agent: *\nCrawl-delay: 3\nUser-agent: x\nDisallow: /", "+/a"},
	{"names after a rule", "User-agent: clusterwire\nDisallow: /a\nUser-agent: x\nDisallow: /b", "-/a +/b"},
	{"rules before any name", "Disallow: /\nUser-agent: *\nDisallow: /a", "+/b -/a"},
	{"longest wins", "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c", "-/a +/a/b +/a/bx -/a/b/c"},
	{"order is nothing", "User-agent: *\nAllow: /a/b\nDisallow: /a", "-/a +/a/b"},
	{"allow wins a tie", "User-agent: *\nDisallow: /a\nAllow: /a", "+/a"},
	{"star", "User-agent: *\nDisallow: /*.php", "-/a.php -/x/a.php?b +/a.html"},
	{"star twice", "User-agent: *\nDisallow: /a*b*c", "-/abc -/axbxc -/a/b/c/d +/acb"},
	{"end", "User-agent: *\nDisallow: /*.php$", "-/a.php +/a.php?b +/a.phpx -/a.php.php"},
	{"end after star", "User-agent: *\nDisallow: /a*$", "-/a -/ab"},
	{"end without star", "User-agent: *\nDisallow: /a$", "-/a +/ab"},
	{"dollar in the middle", "User-agent: *\nDisallow: /a$b", "-/a$b +/a"},
	{"query", "User-agent: *\nDisallow: /*?print=", "-/a?print=1 +/a?b"},
	{"escapes of letters", "User-agent: *\nDisallow: /%62%61%7a", "-/baz -/%62az"},
	{"bytes and escapes", "User-agent: *\nDisallow: /ツ\nDisallow: /%C3%A9", "-/%E3%83%84 -/ツ -/é +/e"},
	{"lower-case escapes", "User-agent: *\nDisallow: /%e3%83%84", "-/%E3%83%84"},
	{"escaped slash is no slash", "User-agent: *\nDisallow: /a%2Fb", "-/a%2fb +/a/b"},
	{"escaped star is a star", "User-agent: *\nDisallow: /a%2Ab", "-/a*b +/axb"},
	{"comments and spaces", "  User-agent : *  # all\n Disallow : /a # no\n#Disallow: /b", "-/a +/b"},
	{"line ends", "User-agent: *\rDisallow: /a\r\nDisallow: /b\n", "-/a -/b"},
	{"byte order mark", "\ufeffUser-agent: *\nDisallow: /a", "-/a"},
	{"no colon", "User-agent: *\nDisallow /a\nDisallow: /b", "+/a -/b"},
	{"a web page", "<!doctype html><p>User-agent: *</p><p>Disallow: /</p>", "+/a"},
	{"no slash", "User-agent: *\nDisallow: a", "+/a"},
	{"invalid bytes", "User-agent: *\nDisallow: /\xff", "-/%FF +/a"},
}

func TestRobots(t *testing.T) {
	for _, c := range robotsCases {
		t.Run(c.name, func(t *testing.T) {
			rules := parseRobots([]byte(c.text), "clusterwire")
			for _, path := range strings.Fields(c.paths) {
				u, err := url.Parse("https://news.example" + path[1:])
				if err != nil {
					t.Fatal(err)
				}
				if got := rules.allows(u); got != (path[0] == '+') {
					t.Errorf("%s allowed: %v", path[1:], got)
				}
			}
		})
	}
}

func TestRobotsOtherLines(t *testing.T) {
	got := parseRobots([]byte("User-agent: *\nCrawl-delay: 2.5\nContent-Signal: search=yes,ai-input=no\nSitemap: https://n.example/a.xml\n"+
		"User-agent: x\nCrawl-delay: 99\nSITEMAP: https://n.example/b.xml"), "clusterwire")
	if got.delay != 2500*time.Millisecond || !got.noAI || len(got.sitemaps) != 2 {
		t.Errorf("%+v", got)
	}
}

func FuzzRobots(f *testing.F) {
	for _, c := range robotsCases {
		f.Add(c.text, "/a")
	}
	f.Fuzz(func(t *testing.T, text, path string) {
		u, err := url.Parse("https://news.example/" + strings.TrimPrefix(path, "/"))
		if err != nil {
			return
		}
		parseRobots([]byte(text), "clusterwire").allows(u)
	})
}

// TestIntroduce reads robots.txt ahead of the first page, once.
func TestIntroduce(t *testing.T) {
	var asked []string
	site := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		w.Write([]byte("User-agent: *\nDisallow: /closed"))
	})
	c := open(t, nil)
	first, again := c.Introduce(t.Context(), site+"/open"), c.Introduce(t.Context(), site+"/closed")
	if !first || again {
		t.Errorf("asked: first %v, again %v", first, again)
	}
	_, err := c.Get(t.Context(), Request{URL: site + "/closed", For: ForPage})
	if class(err) != ClassRobots || !slices.Equal(asked, []string{"/robots.txt"}) {
		t.Errorf("a closed page: %v; the site was asked for %v", err, asked)
	}
	for _, bad := range []string{"", "ftp://news.example/a", "http://10.0.0.1/"} {
		if c.Introduce(t.Context(), bad) {
			t.Errorf("%q: somebody was asked", bad)
		}
	}
}
