package tag

import (
	"strings"
	"testing"

	"clusterwire/feeds/news"
)

// BenchmarkRead reads articles of about 400 words.
func BenchmarkRead(b *testing.B) {
	tagger := load(b)
	text := news.Text{Title: "Oracle borrows for Stargate as neighbours of Abilene worry about water", Language: "en",
		Body: strings.Repeat("The campus that Crusoe builds near Abilene for Oracle and OpenAI will draw 1.2 gigawatts, "+
			"most of it from gas turbines on the site, and residents told the county commission that wells run low. "+
			"Nvidia ships GB200 racks every week, the contractor said, while lenders wait for the lease to be signed. ", 8)}
	b.SetBytes(int64(len(text.Body)))
	for b.Loop() {
		tagger.Read(text)
	}
}
