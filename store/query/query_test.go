package query

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
	"unsafe"

	"clusterwire/feeds/news"
)

func TestAnalyze(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"H100s and H100, GPUs, APIs, campus", "h100 and h100 gpu api campus"},
		{"data center data-center datacenter data centre Data Centers datacentres", "datacenter datacenter datacenter datacenter datacenter datacenter"},
		{"GB200/GB300", "gb200 gb300"},
		{"AT&T and R&D", "at&t and r&d"},
		{"C++ and C#", "c++ and c#"},
		{"$10B, $10 billion; 10bn", "$ 10 b $ 10 b 10 b"},
		{"1.2GW 1.2 GW 1,200 MW 1200 megawatts", "1.2 gw 1.2 gw 1200 mw 1200 mw"},
		{"Café ÉNERGIE Ångström straße Łódź", "cafe energie angstrom strasse lodz"},
		{"xAI's l’énergie don't U.S. grid", "xai l energie dont us grid"},
		{"数据中心", "数据 据中 中心 心"},
		{"データセンター の電力", "デー ータ タセ セン ンタ ター ー の電 電力 力"},
		{"ﾃﾞｰﾀ ＧＰＵ", "デー ータ タ gpu"},
		{"데이터센터", "데이 이터 터센 센터 터"},
		{"xAI在孟菲斯", "xai 在孟 孟菲 菲斯 斯"},
		{"3nm TPUv7 v7 2024", "3nm tpuv7 v7 2024"},
		{"", ""},
	} {
		var terms []string
		for _, tok := range Analyze(c.text) {
			terms = append(terms, tok.Term)
		}
		if got := strings.Join(terms, " "); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ text, want, warnings string }{
		{`xai power`, `("v=1" AND "xai" AND "power")`, ""},
		{`"data center" -rumor`, `("v=1" AND "datacenter" NOT "rumor")`, ""},
		{`-rumor`, `("v=1" NOT "rumor")`, ""},
		{`a OR -b`, `("v=1" AND ("a" OR ("v=1" NOT "b")))`, ""},
		{`(a OR b) c`, `("v=1" AND ("a" OR "b") AND "c")`, ""},
		{`-(a b)`, `("v=1" NOT ("a" AND "b"))`, ""},
		{`--a`, `("v=1" AND "a")`, ""},
		{`a -(-b)`, `("v=1" AND "a" AND "b")`, ""},
		{`giga* title:xai`, `("v=1" AND {title body} : "giga"* AND {title} : "xai")`, ""},
		{`company:xAI,meta company.role:subject`, `("v=1" AND ("cs=xai" OR "cs=meta"))`, ""},
		{`GB200/GB300 AT&T 1.2GW $10B C++`, `("v=1" AND "gb200 gb300" AND "at&t" AND "1.2 gw" AND "$ 10 b" AND "c++")`, ""},
		{`data center gas`, `("v=1" AND "datacenter" AND "gas")`, ""},
		{`data centers*`, `("v=1" AND {title body} : "datacenter"*)`, ""},
		{`10 gigawatts grid`, `("v=1" AND "10 gw" AND "grid")`, ""},
		{`"grid con"* "grid co"*`, `("v=1" AND {title body} : "grid con"* AND "grid co")`, `the * after "grid co" was left out: after other words it needs three letters before it`},
		{`"机房 电"*`, `("v=1" AND {title body} : "机房 房 电"*)`, ""},
		{`co-design`, `("v=1" AND ("co design" OR "codesign"))`, ""},
		{`数据中心 电`, `("v=1" AND "数据 据中 中心" AND {title body} : "电"*)`, ""},
		{`foo:bar`, `("v=1" AND "foo bar")`, `there is no field "foo": searched as words`},
		{`compny:xai`, `("v=1" AND "compny xai")`, `there is no field "compny" (did you mean company:?): searched as words`},
		{`"open`, `("v=1" AND "open")`, "a quotation mark is missing its partner: all that follows it was taken as one phrase"},
		{`(a`, `("v=1" AND "a")`, "a ( is missing its )"},
		{`a) b`, `("v=1" AND "a" AND "b")`, "a ) has no ( before it and was left out"},
		{`gpus:many`, `("v=1" AND "gpu many")`, `"many" is no number for gpus: (such as >=100000, 500MW..2GW, >10B): searched as words`},
		{`after:soon`, `("v=1" AND "after soon")`, `"after:soon" is no date (2024, 2024-09, 2024-Q3 or 2024-09-02): searched as words`},
		{`has:wings`, `("v=1" AND "has wing")`, `has:wings is not known (there is has:claims, has:image, has:cluster, has:company): searched as words`},
		{`NEAR(a, b) AND c`, `("v=1" AND "near" AND ("a" AND "b") AND "c")`, ""},
		{`a" OR search MATCH "b`, `("v=1" AND "a" AND "or search match" AND "b")`, ""},
		{`!!! ???`, `("v=1")`, `"!!!" holds nothing that can be searched and was left out|"???" holds nothing that can be searched and was left out`},
		{"", `("v=1")`, ""},
	} {
		tree, warnings := Parse(c.text)
		got := tree.Expr([]string{"v=1"})
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.text, got, c.want)
		}
		var list []string
		for _, w := range warnings {
			list = append(list, string(w))
		}
		if w := strings.Join(list, "|"); w != c.warnings {
			t.Errorf("%s: warnings %q, want %q", c.text, w, c.warnings)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		text, want string
	}{
		{"power:1.2GW", "power 1200 1200"},
		{"power:1,200MW", "power 1200 1200"},
		{`power:"1200 megawatts"`, "power 1200 1200"},
		{"power:500MW..2GW", "power 500 2000"},
		{"power:500..900MW", "power 500 900"},
		{"gpus:>=100000", "gpus 100000 +Inf"},
		{"gpus:>=100k", "gpus 100000 +Inf"},
		{"cost:$10B..", "cost 1e+10 +Inf USD"},
		{"cost:<=5bnEUR", "cost -Inf 5e+09 EUR"},
		{"-gpus:<=10", "gpus -Inf 10 not"},
	} {
		tree, warnings := Parse(c.text)
		not := tree.Root != nil && tree.Root.Op == OpNot
		if not {
			tree.Root = tree.Root.Kids[0]
		}
		if tree.Root == nil || tree.Root.Op != OpNumber || len(warnings) > 0 {
			t.Errorf("%s: %+v, %v", c.text, tree.Root, warnings)
			continue
		}
		n := tree.Root.Number
		got := strings.TrimSpace(fmt.Sprintf("%s %v %v %s", n.Field, n.Lo, n.Hi, n.Currency))
		if not {
			got += " not"
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestSnippet(t *testing.T) {
	text := strings.Repeat("Nothing here of note. ", 30) + "The data centre in Memphis holds H100s.\n\n" + strings.Repeat("More words follow. ", 30)
	tree, _ := Parse(`datacenter H100`)
	var b strings.Builder
	for _, f := range tree.Snippet(text, 120) {
		if f.Match {
			b.WriteString("[" + f.Text + "]")
		} else {
			b.WriteString(f.Text)
		}
	}
	if got := b.String(); !strings.Contains(got, "The [data centre] in Memphis holds [H100s].") || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") {
		t.Errorf("snippet %q", got)
	}
	next := ""
	for _, f := range tree.Snippet("They built a datacenter.\n\nH100s came in June.", 120) {
		next += f.Text
	}
	if next != "They built a datacenter. H100s came in June." {
		t.Errorf("over the end of a paragraph: %q", next)
	}
	for _, c := range []struct{ query, text, want string }{
		{"数据中心", "上海的数据中心很大", "上海的[数据中心]很大"},
		{"电", "电力和电", "[电]力和[电]"},
		{"énergie", "L’ÉNERGIE nouvelle", "L’[ÉNERGIE] nouvelle"},
		{"giga*", "Gigawatts and gigantic", "[Gigawatts] and [gigantic]"},
		{`"$10B" -x`, "It costs $10 billion now", "It costs [$10 billion] now"},
	} {
		tree, _ := Parse(c.query)
		got := ""
		for _, f := range tree.Highlight(c.text) {
			if f.Match {
				f.Text = "[" + f.Text + "]"
			}
			got += f.Text
		}
		if got != c.want {
			t.Errorf("%s in %q: %q, want %q", c.query, c.text, got, c.want)
		}
	}
}

// TestSnippetOfTheWholeText compares snippets with those that are cut after the
// whole text was looked through.
func TestSnippetOfTheWholeText(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	words := []string{"grid", "grid connection", "Memphis", "H100s", "1.2 GW", "数据中心", "the", "a", "of", "was", "\n\n", "data center", "l’été", "—"}
	for range 500 {
		var b strings.Builder
		for range rng.IntN(1200) {
			b.WriteString(words[min(len(words)-1, int(rng.ExpFloat64()*4))] + " ")
		}
		text := b.String()
		tree, _ := Parse([]string{"grid", `"grid connection"`, "memphis h100", "数据 gw", "datacenter 2024", "cen* été"}[rng.IntN(6)])
		var s Snippets
		s.Ask(tree, 220)
		s.find.start(text)
		s.find.read(len(text))
		from := 0
		if at, _ := densest(s.find.spans, s.runes, len(s.find.phrases)); at >= 0 {
			from = before(text, s.find.spans[at].start, s.runes/5)
		}
		want := tidy(fragments(nil, text[from:after(text, from, s.runes)], from, s.find.spans))
		got := slices.DeleteFunc(s.Of(text), func(f news.Fragment) bool { return f.Text == "… " || f.Text == " …" })
		if !slices.Equal(got, want) {
			t.Fatalf("%q:\n%v, want\n%v", text, got, want)
		}
	}
}

// TestSnippetHoldsNothingOfItsText cuts snippets of a text in memory that is
// used again afterwards.
func TestSnippetHoldsNothingOfItsText(t *testing.T) {
	long := strings.Repeat("They waited for it. ", 40) + "The grid connection came in June to Memphis. "
	for _, q := range []string{"grid", "absent", `"grid connection" memphis`} {
		tree, _ := Parse(q)
		for _, text := range []string{"", "The grid is full.", long, strings.Repeat(long, 1+maxSnippetSource/len(long))} {
			var s Snippets
			s.Ask(tree, 220)
			memory := []byte(text)
			got := s.Of(unsafe.String(unsafe.SliceData(memory), len(memory)))
			for i := range memory {
				memory[i] = '#'
			}
			if want := tree.Snippet(text, 220); !slices.Equal(got, want) {
				t.Errorf("%s: %v became %v", q, want, got)
			}
		}
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range []string{"H100s $10B", "数据中心", "l’été U.S. C++ 1,200.5GW", "\xff\x00a", "ﾃﾞｰﾀ", "a\u0301\u0302"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, tok := range Analyze(text) {
			if tok.Term == "" || len(tok.Term) > maxTerm || strings.ContainsAny(tok.Term, " \"=") {
				t.Fatalf("term %q of %q", tok.Term, text)
			}
			if tok.Start < 0 || tok.End > len(text) || tok.Start >= tok.End || tok.End < end {
				t.Fatalf("term %q of %q stands at %d to %d", tok.Term, text, tok.Start, tok.End)
			}
			end = tok.End
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`a OR (b -c) "d e"* title:x`, `power:>=1GW -cost:1..2`, `((((((((((((((((`, `"`, `-`, `a:b:c`, `date:2024..`, "\x00(\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree, warnings := Parse(text)
		expr := tree.Expr([]string{"v=1"})
		if strings.Count(expr, `"`)%2 != 0 || !utf8.ValidString(expr) && utf8.ValidString(text) {
			t.Fatalf("%q: %s", text, expr)
		}
		for _, w := range warnings {
			if w == "" {
				t.Fatal("empty warning")
			}
		}
		tree.Snippet(text, 50)
	})
}
