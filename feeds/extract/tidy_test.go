package extract

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

const sentence = "The operator took another hall into service on Monday and expects the next one to follow before the end of the year. "

// tidied runs the rules over the blocks of a fragment of HTML, between
// paragraphs that are surely text, and gives what is left of it.
func tidied(t *testing.T, above, within, below string) []string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(fmt.Sprintf("%s<p>%s</p><p>%s</p>%s<p>%s</p><p>%s</p>%s",
		above, sentence, sentence, within, sentence, sentence, below)))
	if err != nil {
		t.Fatal(err)
	}
	f := &facts{title: "Operator opens a hall | Acme Daily", headings: []string{"Operator opens a hall"}, meta: map[string][]string{}}
	var left []string
	for _, b := range tidy(blocks(doc), f) {
		if b.text != strings.TrimSpace(sentence) {
			left = append(left, b.text)
		}
	}
	return left
}

// TestTidyDrops names lines that are none of the article's, where they stand.
func TestTidyDrops(t *testing.T) {
	above := []string{
		"<h1>Operator opens a hall</h1>", "<p>News</p><h1>Operator opens a hall</h1>", "<p>12/04/2026 – by staff</p>", "<p>2026年3月4日</p>",
		"<p>4 min read</p>", "<p>Tempo di lettura: 3 minuti</p>", "<ul><li>Print</li><li>Share</li></ul>", "<figure><img src=x><figcaption>The hall from above</figcaption></figure>",
		`<p class="wp-caption-text">The hall from above, seen in March</p>`,
	}
	within := []string{
		"<p>Advertisement</p>", "<p>Related: <a href=x>Another hall opens in the north</a></p>", "<p><a href=x>Read more: Another hall opens</a></p>",
		"<p>Leggi anche:</p><p><a href=x>Apre un altro capannone</a></p>", "<p>Lesen Sie auch: <a href=x>Noch eine Halle</a></p>", "<p>À lire aussi : <a href=x>Une autre halle</a></p>",
		"<p>Читайте также: <a href=x>Ещё один зал открыт</a></p>", "<p>相关阅读：<a href=x>另一个大厅开放</a></p>", "<p>関連記事：<a href=x>別のホール</a></p>",
		"<p>Sign up here for our daily newsletter and never miss a hall.</p>", "<p>Iscriviti alla nostra newsletter per non perdere nulla.</p>", "<p>[button link=x]Send us yours[/button]</p>",
		"<figure><img src=x><figcaption>A crane</figcaption></figure>",
	}
	below := []string{
		"<p>Reporting by Staff; editing by Others</p>", "<p>Follow us on Twitter.</p>", "<p>desk@news.example</p>", "<p>© 2026 Acme Daily. All rights reserved.</p>",
		"<p>Some Person contributed to this report.</p>", "<h3>More halls</h3><ul><li><a href=x>One hall here</a></li><li><a href=y>One hall there</a></li></ul>",
		"<h3>About Acme</h3><p>Acme runs halls in three countries.</p>", "<h3>Über die Acme AG</h3><p>Die Acme AG betreibt Hallen.</p>", "<p>Media contact</p><p>Telephone 000</p>",
		"<p>Fuente: Acme</p>", "<p>责任编辑：某人</p>", "<p>无断转载</p><p>無断転載を禁じます</p>", "<p>Zum Weiterlesen:</p><ul><li><a href=x>Ein Buch</a></li></ul>", "<p>Subscribe to keep reading. Already a subscriber?</p>",
	}
	for _, h := range above {
		if left := tidied(t, h, "", ""); len(left) > 0 {
			t.Errorf("above: %s leaves %q", h, left)
		}
	}
	for _, h := range within {
		if left := tidied(t, "", h, ""); len(left) > 0 {
			t.Errorf("within: %s leaves %q", h, left)
		}
	}
	for _, h := range below {
		if left := tidied(t, "", "", h); len(left) > 0 && !strings.Contains(h, "无断") {
			t.Errorf("below: %s leaves %q", h, left)
		}
	}
}

// TestTidyKeeps names lines that look like those and are text.
func TestTidyKeeps(t *testing.T) {
	keep := []string{
		"<p>Related companies will move in by June, the mayor said.</p>", "<p>Read more slowly, she told the board, and you will find the clause.</p>",
		"<p>Follow the money, the auditor said.</p>", "<h3>Amazon</h3>", "<p>See the contract: it names 40 megawatts.</p>",
		"<ul><li>40 MW for computers</li><li>8 MW for cooling</li></ul>", "<table><tr><td>Share</td><td>12 %</td></tr><tr><td>Print</td><td>3 %</td></tr></table>",
		"<blockquote>We will not wait.</blockquote>", "<figure><table><tr><td>2026</td><td>40 MW</td></tr></table></figure>", "<p>About 300 people came.</p>",
		"<p>Sign up closed on Friday after 40 firms had applied.</p>", "<p>The newsletter of the utility named another date.</p>",
	}
	for _, h := range keep {
		if left := tidied(t, "", h, ""); len(left) == 0 {
			t.Errorf("within: %s is lost", h)
		}
	}
	for _, h := range []string{"<p>BERLIN, March 4</p>", "<p>It was a long night in the county hall.</p>"} {
		if left := tidied(t, h, "", ""); len(left) == 0 {
			t.Errorf("above: %s is lost", h)
		}
	}
}

func TestBlocks(t *testing.T) {
	cases := []struct{ name, fragment, want string }{
		{"inline elements join", "<p>one <b>two</b> th<i>ree</i></p>", "one two three"},
		{"line breaks stay within", "<p>one<br>two <br/> three</p>", "one\ntwo\nthree"},
		{"text beside blocks", "<div>one<p>two</p>three</div>", "one¶two¶three"},
		{"lists and nesting", "<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>", "one¶two¶three"},
		{"rows of plain cells", "<table><tr><td>a</td><td>b</td></tr><tr><td></td><td> </td></tr></table>", "a | b"},
		{"tables for layout", "<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a¶b¶c"},
		{"nothing of scripts", "<p>one</p><script>two</script><style>p{}</style><button>three</button>", "one"},
	}
	for _, c := range cases {
		doc, err := html.Parse(strings.NewReader(c.fragment))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range blocks(doc) {
			got = append(got, b.text)
		}
		if s := strings.Join(got, "¶"); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	set := newWordSet("The GB200 racks draw 1.2 MW. 数据中心投产")
	for _, c := range []struct {
		text string
		want float64
	}{
		{"the gb200 RACKS draw", 1}, {"racks draw five", 0}, {"racks", 1}, {"nothing", 0}, {"", 0}, {"数据中心", 1}, {"The GB200 racks draw five", 2. / 3},
	} {
		if got := set.share(c.text); got != c.want {
			t.Errorf("%q: %v, want %v", c.text, got, c.want)
		}
	}
}
