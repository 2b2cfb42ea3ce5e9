package tag

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"clusterwire/feeds/eval/corpus"
	"clusterwire/feeds/news"
)

func load(t testing.TB) *Tagger {
	t.Helper()
	tagger, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return tagger
}

// TestSeed reads the article that the project was founded on.
func TestSeed(t *testing.T) {
	text, err := os.ReadFile(corpus.Path(t, "seed/colossus-it.txt"))
	if err != nil {
		t.Fatal(err)
	}
	r := load(t).Read(news.Text{Body: string(text), Language: "it"})
	if !r.Verdict.Relevant {
		t.Errorf("verdict %+v, want relevant", r.Verdict)
	}
	want := map[string]news.Role{"xai": news.RoleSubject, "tesla": news.RoleMentioned, "nvidia": news.RoleMentioned,
		"openai": news.RoleMentioned, "meta": news.RoleMentioned, "microsoft": news.RoleMentioned, "apple": news.RoleMentioned}
	got := map[string]news.Role{}
	for _, m := range r.Mentions {
		got[m.Company] = m.Role
	}
	if !maps.Equal(got, want) {
		t.Errorf("companies %v, want %v", got, want)
	}
	var topics []news.Topic
	for _, tag := range r.Topics {
		topics = append(topics, tag.Topic)
	}
	if want := []news.Topic{news.TopicPower, news.TopicWater, news.TopicCommunity, news.TopicEnvironment}; !slices.Equal(topics, want) {
		t.Errorf("topics %v, want %v", topics, want)
	}
	checkEvidence(t, news.Text{Body: string(text)}, r)
}

// checkEvidence fails unless every quote stands where it says.
func checkEvidence(t *testing.T, text news.Text, r Result) {
	t.Helper()
	check := func(e news.Evidence) {
		from := text.Body
		if e.In == news.InTitle {
			from = text.Title
		}
		if e.Start < 0 || e.End > len(from) || e.Start >= e.End || from[e.Start:e.End] != e.Quote {
			t.Errorf("evidence %+v does not stand in the text", e)
		}
	}
	for _, m := range r.Mentions {
		if len(m.Evidence) == 0 || m.Rule == "" {
			t.Errorf("%s without evidence or rule", m.Company)
		}
		for _, e := range m.Evidence {
			check(e)
		}
	}
	for _, tag := range r.Topics {
		if len(tag.Evidence) == 0 {
			t.Errorf("%s without evidence", tag.Topic)
		}
		for _, e := range tag.Evidence {
			check(e)
		}
	}
}

// FuzzRead: no text makes reading fail, and every quote is verbatim.
func FuzzRead(f *testing.F) {
	f.Add("Meta builds", "Nvidia’s H100s — 英伟达 — data\u200bcenter  near\nMemphis", "")
	f.Add("", "İstanbul K DÜNYASI Nvidia'nın \xff\xfe AWS Lambda", "tr")
	f.Add("メタ、データセンターを建設", "オープンAIとエヌビディア", "ja")
	tagger := load(f)
	f.Fuzz(func(t *testing.T, title, body, language string) {
		text := news.Text{Title: title, Body: body, Language: language}
		checkEvidence(t, text, tagger.Read(text))
	})
}

// ours is what the issue asks for at least.
const ours = `xai meta microsoft openai apple google amazon oracle nvidia amd intel broadcom tsmc qualcomm ibm dell
hpe supermicro coreweave lambda crusoe nebius anthropic mistral tesla spacex softbank alibaba bytedance tencent
baidu huawei samsung sk humain g42 groq cerebras deutsche-telekom core-scientific`

func TestCompanies(t *testing.T) {
	all := load(t).Companies()
	if len(all) < 150 {
		t.Errorf("%d companies, want at least 150", len(all))
	}
	kinds := strings.Fields("lab cloud chips developer miner utility investor systems network other")
	slugs := map[string]bool{}
	for _, c := range all {
		slugs[c.Slug] = true
		if c.Name == "" || len(c.Country) != 2 || !slices.Contains(kinds, c.Kind) || !strings.HasPrefix(c.Site, "https://") {
			t.Errorf("%+v is not complete", c)
		}
	}
	for _, slug := range strings.Fields(ours) {
		if !slugs[slug] {
			t.Errorf("no company %s", slug)
		}
	}
}
