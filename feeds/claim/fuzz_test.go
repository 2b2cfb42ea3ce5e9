package claim

import (
	"testing"
	"unicode/utf8"

	"clusterwire/feeds/news"
)

// FuzzRead reads strangers' bytes: every claim must verify, whatever came.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"", "H100", "100k", "$", "10万", "100,000 H100", "up to", "from 5 to", "— A (@b) September 2, 2024",
		"The data center will hold 100,000-150,000 Nvidia H100 GPUs, cost $10bn and draw 1.2 GW by 2027.",
		"Il data center costerà 3 miliardi", "数据中心 1.2万亿 10余万张", "데이터센터 GPU 5만 장", "H100を10万基", "two hundred thousand GPU",
		"1\u00a0000\u00a0000 GPU \xff\xfe", "a $19B cluster (50k H200s", "GPUs: ", "six-figure", "between 1 and",
	} {
		f.Add(seed, "en")
		f.Add(seed, "")
	}
	r := reader(f)
	f.Fuzz(func(t *testing.T, body, lang string) {
		text := news.Text{Title: body, Body: body, Language: lang}
		tags, claims := r.Read(text, []news.Mention{{Company: "xai", Evidence: []news.Evidence{{Start: 0, End: len(body)}}}})
		for _, tag := range tags {
			for _, e := range tag.Evidence {
				if body[e.Start:e.End] != e.Quote {
					t.Fatalf("evidence %q is not at %d", e.Quote, e.Start)
				}
			}
		}
		for _, c := range claims {
			if err := r.Verify(text, c); err != nil {
				t.Fatal(err)
			}
			if utf8.ValidString(body) && !utf8.ValidString(c.Quote) {
				t.Fatalf("quote %q cuts a character", c.Quote)
			}
		}
	})
}
