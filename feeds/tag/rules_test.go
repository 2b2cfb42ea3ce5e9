package tag

import (
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

// TestRules shows each kind of rule at work. A case says which companies a
// text names, each with its role and the beginning of its rule.
func TestRules(t *testing.T) {
	tagger := load(t)
	for _, c := range []struct {
		name, title, body, language, day string
		want                             string
	}{
		{"a name in another's product stays", "", "Azure OpenAI Service opens in Gävle", "en", "", "microsoft:product openai:name"},
		{"a longer name wins over an ambiguous one", "AWS Lambda gets GPUs, says Amazon", "", "en", "", "amazon:name"},
		{"hyphens and possessives end words", "Nvidia-backed start-up outbids Microsoft’s Azure", "", "en", "", "nvidia:name microsoft:name"},
		{"an apostrophe begins one", "Il futuro dell’Nvidia", "", "it", "", "nvidia:name"},
		{"genitives", "Metas Umbau, Nvidias Gewinn, OpenAIs Pläne", "", "de", "", "meta:name nvidia:name openai:name"},
		{"no genitive of an ambiguous name in English", "Amazons, warriors of myth", "", "en", "", ""},
		{"Polish endings", "Szef Microsoftu o inwestycji w Polsce", "", "pl", "", "microsoft:name"},
		{"Korean particles", "엔비디아가 오픈AI에 투자한다", "", "ko", "", "nvidia:name openai:name"},
		{"no match inside a Katakana word", "メタルとアップルパイ", "", "ja", "", ""},
		{"Latin between kana", "AmazonとAnthropicが提携", "", "ja", "", "amazon:name anthropic:name"},
		{"plural of a chip", "Ten thousand H100s arrive", "", "en", "", "nvidia:product"},
		{"version behind a product", "Qwen3 und Grok 4 im Vergleich", "", "de", "", "alibaba:product xai:product"},
		{"a ticker needs its place", "NASDAQ: NVDA, $AMD and (ORCL) rose; TSM did not", "", "en", "", "nvidia:ticker amd:name oracle:ticker"},
		{"a ticker with a dot stands alone", "2330.TW closes higher", "", "en", "", "tsmc:ticker"},
		{"addresses name nobody", "", "See https://www.google.com/x and a.b@nvidia.com for more", "en", "", ""},
		{"a handle does", "", "This weekend, the @xAI team went live", "en", "", "xai:name"},
		{"a person", "Zuckerberg tours Richland Parish", "", "en", "", "meta:person"},
		{"before it was its name", "Meta opens a shop in Lyon", "", "en", "2019-05-01", ""},
		{"after", "Meta opens a shop in Lyon", "", "en", "2024-05-01", "meta:name"},
		{"a former name", "Facebook opens a data center in Luleå", "", "en", "2013-06-12", "meta:name"},
		{"a person moves on", "Mira Murati steps on stage", "", "en", "2023-11-18", "openai:person"},
		{"and takes another office", "Mira Murati steps on stage", "", "en", "2025-07-15", "thinking-machines:person"},
		{"what speaks for it stands in the reason", "Crusoe names site chief for Abilene", "", "en", "", `crusoe:name "Crusoe" with "Abilene"`},
		{"what speaks against it", "Crusoe and Friday: a castaway's novel energy", "", "en", "", ""},
		{"full-width letters and odd blanks", "ＮＶＩＤＩＡ and Open\u00a0AI", "", "en", "", "nvidia:name openai:name"},
		{"lower case where nothing else has the name", "why nvidia won", "", "en", "", "nvidia:name"},
		{"a Korean name that only begins a word", "", "애플민트 키우는 법", "ko", "", ""},
		{"with a particle it is the name", "", "애플은 서버를 늘린다", "ko", "", "apple:name"},
		{"Italian abbreviations", "", "Aws compra Tpu", "it", "", "amazon:name google:product"},
		{"words of sites speak for a name that is a word", "Vantage adds 300 megawatts", "", "en", "", "vantage:name"},
		{"what is no site does not", "Vantage shows a film in Lyon", "", "en", "", ""},
		{"in a long text they must stand in its sentence", "", "Vantage is a film. " + strings.Repeat("The data center is full. ", 40), "en", "", ""},
		{"an article makes it the river", "", "The Amazon is low, says a company that gauges it", "en", "", ""},
		{"but not where it is a word", "an apple, an oracle and a meta question", "", "en", "", ""},
	} {
		text := news.Text{Title: c.title, Body: c.body, Language: c.language}
		if c.day != "" {
			text.Published, _ = time.Parse(time.DateOnly, c.day)
		}
		var got []string
		r := tagger.Read(text)
		checkEvidence(t, text, r)
		for _, m := range r.Mentions {
			got = append(got, m.Company+":"+m.Rule)
		}
		if !matchRules(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// matchRules compares companies with the beginnings of their rules, in any order.
func matchRules(got []string, want string) bool {
	wants := strings.Fields(want)
	if strings.Contains(want, `"`) {
		wants = []string{want}
	}
	if len(got) != len(wants) {
		return false
	}
	for _, w := range wants {
		found := false
		for _, g := range got {
			found = found || strings.HasPrefix(g, w)
		}
		if !found {
			return false
		}
	}
	return true
}

func TestRoles(t *testing.T) {
	tagger := load(t)
	for _, c := range []struct{ title, body, subjects, mentioned string }{
		{"Microsoft signs $17 billion deal with Nebius", "", "microsoft nebius", ""},
		{"xAI's Memphis site runs on 100,000 H100 chips", "", "xai", "nvidia"},
		{"Oracle borrows again", "The debt pays for servers with Nvidia chips that OpenAI will rent.", "oracle", "nvidia openai"},
		{"Colossus runs: 100,000 Nvidia chips in 122 days", "xAI switched it on. xAI, Musk's company, said it took 122 days.", "xai nvidia", ""},
		{"", "CoreWeave said CoreWeave would lease more. CoreWeave buys from Nvidia.", "coreweave", "nvidia"},
		{"Amazon lights up Rainier for Anthropic", "", "amazon", "anthropic"},
		{"CoreWeave orders Nvidia GPUs", "", "coreweave", "nvidia"},
	} {
		roles := map[news.Role][]string{}
		for _, m := range tagger.Read(news.Text{Title: c.title, Body: c.body, Language: "en"}).Mentions {
			roles[m.Role] = append(roles[m.Role], m.Company)
		}
		if got := strings.Join(roles[news.RoleSubject], " "); got != c.subjects {
			t.Errorf("%s%s: subjects %q, want %q", c.title, c.body, got, c.subjects)
		}
		if got := strings.Join(roles[news.RoleMentioned], " "); got != c.mentioned {
			t.Errorf("%s%s: mentioned %q, want %q", c.title, c.body, got, c.mentioned)
		}
	}
}

// TestLoadErrors: a mistake in the data is an error that says where.
func TestLoadErrors(t *testing.T) {
	for _, c := range []struct{ path, file, want string }{
		{"data/companies/x.txt", "name Nobody\n", "under no company"},
		{"data/companies/x.txt", "a: A, US, lab\n", "want name, seat, kind, site"},
		{"data/companies/x.txt", "a: A, US, lab, https://a.example\n  nam A\n", "line 2: unknown key"},
		{"data/companies/x.txt", "a: A, US, lab, https://a.example\n  name A {2024}\n", ""},
		{"data/companies/x.txt", "a: A, US, lab, https://a.example\n  name A {2024-13-01..}\n", "line 2"},
		{"data/companies/x.txt", "a: A, US, lab, https://a.example\n  name A | | B\n", "empty pattern"},
		{"data/companies/x.txt", "a: A, US, lab, https://a.example\na: A, US, lab, https://a.example\n", "twice"},
		{"data/topics.txt", "weather en: rain\n", "unknown topic"},
		{"data/context.txt", "noun en: rain\n", "unknown key"},
		{"data/verdict.txt", "pair a b 1\n", "unknown class"},
		{"data/verdict.txt", "bias much\n", "line 1"},
		{"data/verdict.txt", "class ai 0.8\n", "an expected and a fitted weight"},
		{"data/other.txt", "", "no such data file"},
	} {
		err := (&Tagger{kinds: map[string]string{}}).load(c.path, c.file)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: %v, want %q", c.file, err, c.want)
		}
	}
}

func TestVersion(t *testing.T) {
	a, b := load(t), load(t)
	if a.Version() != b.Version() || !strings.HasPrefix(a.Version(), codeVersion) {
		t.Errorf("versions %q and %q", a.Version(), b.Version())
	}
}

// TestLongText: what stands beyond maxBody is not read, and costs nothing.
func TestLongText(t *testing.T) {
	text := news.Text{Language: "en", Body: "Oracle borrows for Abilene. " + strings.Repeat("Meta said nothing. ", maxBody/19) + "Nvidia gained."}
	r := load(t).Read(text)
	checkEvidence(t, text, r)
	if got := strings.Join(slugs(r.Mentions), " "); got != "meta oracle" {
		t.Errorf("companies %q, want oracle and meta", got)
	}
}

// TestAliasesStandOnce: an alias of two companies tags both, whichever is
// meant, and one that stands twice has two strengths. A ticker may be written as
// a name, since it needs a place of its own; people and names may pass
// from one company to another.
func TestAliasesStandOnce(t *testing.T) {
	tagger := load(t)
	type alias struct {
		written, langs string
		ticker         bool
		from, until    time.Time
	}
	owner := map[alias]string{}
	for _, p := range tagger.patterns {
		if p.use != useAlias {
			continue
		}
		a, slug := alias{p.written, p.langs, p.rule == "ticker", p.from, p.until}, tagger.companies[p.owner].Slug
		if other, twice := owner[a]; twice {
			t.Errorf("%q is an alias of %s and of %s", p.written, other, slug)
		}
		owner[a] = slug
	}
}
