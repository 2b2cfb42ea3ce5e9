package extract

import (
	"fmt"
	"strings"
	"testing"
)

// simplePage is a page of about 400 words without any decoration.
func simplePage() []byte {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="en"><head><title>Operator adds a hall</title></head><body><nav><a href="/">Home</a> <a href="/about">About</a></nav><article><h1>Operator adds a hall</h1>`)
	for i := range 8 {
		fmt.Fprintf(&b, "<p>%s</p>", strings.TrimSpace(strings.Repeat(fmt.Sprintf("The site took power for rack number %d today, the operator said. ", i), 4)))
	}
	b.WriteString("</article><footer>Imprint</footer></body></html>")
	return []byte(b.String())
}

func BenchmarkSimplePage(b *testing.B) {
	body := simplePage()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Page(body, Input{URL: "https://example.com/2026/a", ContentType: "text/html"}); err != nil {
			b.Fatal(err)
		}
	}
}
