package clean

import (
	"net/url"
	"strings"
	"testing"
)

func TestURL(t *testing.T) {
	base, _ := url.Parse("http://h.example/dir/feed.xml?x=1")
	for _, c := range []struct{ in, want string }{
		{"http://a.example/x", "http://a.example/x"},
		{" \n https://A.Example/X \n", "https://a.example/X"},
		{"rel", "http://h.example/dir/rel"},
		{"../up", "http://h.example/up"},
		{"/abs?q=1#f", "http://h.example/abs?q=1#f"},
		{"?q", "http://h.example/dir/feed.xml?q"},
		{"//o.example/p", "http://o.example/p"},
		{"", ""},
		{"javascript:alert(1)", ""}, {"JaVaScRiPt:alert(1)", ""}, {"data:text/html,x", ""}, {"mailto:a@b.example", ""},
		{"ftp://a.example/x", ""}, {"file:///etc/passwd", ""}, {"urn:uuid:1", ""}, {"tag:a.example,2004:1", ""},
		{"http://user:pass@a.example/", ""}, {"http://user@a.example/", ""},
		{"http://a.example\\@b.example/", ""}, {"http://a.example/\x01", ""}, {"http://a b.example/", ""},
		{"http://a.example:0/", ""}, {"http://a.example:99999/", ""}, {"http://a.example:8080/", "http://a.example:8080/"},
		{"http:///path", ""}, {"http://[::1]/x", "http://[::1]/x"}, {"http://[fe80::1%25eth0]/", ""}, {"//x:http://y.example", ""},
		{"http://a.example/a b", "http://a.example/a%20b"},
		{"http://a.example/100%", "http://a.example/100%25"},
		{"http://a.example/x?a=b c&d=é", "http://a.example/x?a=b%20c&d=é"},
		{"http://bücher.example/é", "http://xn--bcher-kva.example/%C3%A9"},
		{"http://a_b.example/", "http://a_b.example/"},
		{"http://a.example/" + strings.Repeat("x", 2048), ""},
		{"http://a.example/x\ny", "http://a.example/xy"},
	} {
		if got := URL(c.in, base); got != c.want {
			t.Errorf("URL(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"HTTPS://Example.COM:443/A#frag", "https://example.com/A"},
		{"http://example.com:80", "http://example.com/"},
		{"https://example.com./a", "https://example.com/a"},
		{"https://example.com/a?utm_source=rss&id=7&utm_medium=x", "https://example.com/a?id=7"},
		{"https://example.com/a?fbclid=1&gclid=2&mc_cid=3", "https://example.com/a"},
		{"https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"},
		{"https://example.com/a?", "https://example.com/a"},
		{"https://example.com/watch?v=x&ref=rss", "https://example.com/watch?v=x"},
		{"https://example.com/watch?ref=main", "https://example.com/watch?ref=main"},
		{"https://example.com/a?ref=other.example", "https://example.com/a"},
		{"https://api.github.com/x?ref=v1.2", "https://api.github.com/x?ref=v1.2"},
		{"https://example.com/a/amp/", "https://example.com/a/"},
		{"https://example.com/a/amp", "https://example.com/a"},
		{"https://example.com/a.amp.html", "https://example.com/a.html"},
		{"https://example.com/a?amp=1", "https://example.com/a"},
		{"https://example.com/a?outputType=amp", "https://example.com/a"},
		{"https://example.com/amp", "https://example.com/amp"},
		{"https://amp.example.com/a", "https://example.com/a"},
		{"https://www.google.com/amp/s/www.example.com/a/amp/", "https://www.example.com/a/"},
		{"https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a?utm_x=1", "https://www.example.com/a"},
		{"https://example.com/%7euser/%c3%a9", "https://example.com/~user/%C3%A9"},
		{"https://example.com/a;jsessionid=0A", "https://example.com/a"},
		{"https://example.com/#!/story/1", "https://example.com/#!/story/1"},
		{"https://example.com/a%2Fb", "https://example.com/a%2Fb"},
		{"not an address", ""}, {"javascript:alert(1)", ""}, {"/relative", ""},
	} {
		got := Canonical(c.in)
		if got != c.want {
			t.Errorf("Canonical(%q) = %q, want %q", c.in, got, c.want)
		}
		if again := Canonical(got); again != got {
			t.Errorf("Canonical(%q) = %q, and of that %q", c.in, got, again)
		}
	}
}

func TestKey(t *testing.T) {
	same := func(a, b string) bool { return Key(Canonical(a)) == Key(Canonical(b)) }
	for _, pair := range [][2]string{
		{"http://www.example.com/a/", "https://example.com/a"},
		{"https://example.com", "https://www.example.com/"},
		{"https://example.com/a?id=1&utm_source=x", "http://example.com/a?id=1#top"},
	} {
		if !same(pair[0], pair[1]) {
			t.Errorf("%s and %s are one page", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{
		{"https://example.com/a?id=1", "https://example.com/a?id=2"},
		{"https://example.com/a", "https://example.com/A"},
		{"https://example.com/a", "https://example.com:8443/a"},
		{"https://example.com/a", "https://news.example.com/a"},
		{"https://example.com/?p=1", "https://example.com/?p=2"},
		{"https://example.com/a%2Fb", "https://example.com/a/b"},
		{"https://example.com/?sc_lang=en", "https://example.com/?sc_lang=de"},
	} {
		if same(pair[0], pair[1]) {
			t.Errorf("%s and %s are two pages", pair[0], pair[1])
		}
	}
	if Key("") != "" {
		t.Error("no address has a key")
	}
}

func FuzzCanonicalURL(f *testing.F) {
	for _, s := range []string{"https://example.com/a?b#c", "//x", "http://[::1]:80/", "https://amp.a.example/amp/", "http://a.example/%2f%2F;jsessionid=1", "?&=&", "https://www.google.com/amp/s/amp.a.example/x.amp", "http://000..", "http://0//.amp"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		canonical := Canonical(in)
		if canonical == "" {
			return
		}
		if again := Canonical(canonical); again != canonical {
			t.Errorf("Canonical(%q) = %q, and of that %q", in, canonical, again)
		}
		if URL(canonical, nil) == "" || Key(canonical) == "" {
			t.Errorf("Canonical(%q) = %q, which is no address", in, canonical)
		}
	})
}
