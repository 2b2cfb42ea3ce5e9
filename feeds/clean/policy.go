package clean

// This file is the policy of the sanitiser: what may stand in our HTML. What
// is not named here is not kept.

// role says how an element nests.
type role int

const (
	unknown role = iota
	inline
	block   // closes an open paragraph
	void    // has no end tag
	table   // a table, which bounds the scope of what is inside
	tabular // a part of a table, kept inside one alone
	cell    // a table cell or caption, which bounds scope too
)

// elements are the elements that are kept, with how they nest.
var elements = map[string]role{
	"a": inline, "abbr": inline, "b": inline, "bdi": inline, "cite": inline, "code": inline, "del": inline,
	"dfn": inline, "em": inline, "i": inline, "ins": inline, "kbd": inline, "mark": inline, "q": inline,
	"rp": inline, "rt": inline, "ruby": inline, "s": inline, "samp": inline, "small": inline, "strong": inline,
	"sub": inline, "sup": inline, "time": inline, "u": inline, "var": inline, "strike": inline, "tt": inline,

	"address": block, "article": block, "aside": block, "blockquote": block, "dd": block, "details": block,
	"div": block, "dl": block, "dt": block, "figcaption": block, "figure": block, "footer": block, "h1": block,
	"h2": block, "h3": block, "h4": block, "h5": block, "h6": block, "header": block, "li": block, "ol": block,
	"p": block, "pre": block, "section": block, "summary": block, "ul": block,

	"br": void, "col": void, "hr": void, "img": void, "wbr": void,

	"table": table,
	"tbody": tabular, "colgroup": tabular, "tfoot": tabular, "thead": tabular, "tr": tabular,
	"caption": cell, "td": cell, "th": cell,
}

// dropped are elements whose content is no text of the document. The others
// that are not kept leave their text behind.
var dropped = map[string]bool{
	"script": true, "style": true, "title": true, "iframe": true, "noembed": true, "noframes": true,
	"svg": true, "template": true, "canvas": true, "object": true, "applet": true, "audio": true, "video": true,
	"select": true, "datalist": true,
}

// rawText are the elements whose content the tokenizer gives as one text,
// whatever markup it holds.
var rawText = map[string]bool{
	"script": true, "style": true, "title": true, "iframe": true, "noembed": true, "noframes": true,
	"noscript": true, "textarea": true, "xmp": true,
}

// breaks are elements outside the policy that end a paragraph all the same.
var breaks = map[string]bool{
	"center": true, "fieldset": true, "form": true, "main": true, "menu": true, "nav": true, "legend": true,
	"dir": true, "body": true, "html": true, "textarea": true, "xmp": true, "plaintext": true, "option": true,
}

// attributes are the attributes that are kept, by element; "" is any element.
// No id, class, name or style: they would let a feed reach into our page.
var attributes = map[string]map[string]func(string) string{
	"":         {"title": plainValue, "lang": languageValue, "dir": directionValue},
	"img":      {"alt": plainValue, "width": numberValue, "height": numberValue},
	"td":       {"colspan": numberValue, "rowspan": numberValue},
	"th":       {"colspan": numberValue, "rowspan": numberValue},
	"col":      {"span": numberValue},
	"colgroup": {"span": numberValue},
	"ol":       {"start": numberValue},
	"li":       {"value": numberValue},
	"time":     {"datetime": plainValue},
	"del":      {"datetime": plainValue},
	"ins":      {"datetime": plainValue},
}

// imageSources are the attributes that hold an image's address, best first:
// pages that load lazily leave a placeholder in src.
var imageSources = []string{"data-src", "data-original", "data-lazy-src", "src"}

// linkRel is what every link of a stranger says: no access to our window, no
// referrer, no endorsement.
const linkRel = "noopener noreferrer nofollow ugc"

const (
	maxValue    = 512 // bytes of a plain attribute
	maxLanguage = 35
	maxDigits   = 5
)

func plainValue(v string) string { return cut(legalString(v), maxValue) }

func languageValue(v string) string {
	if len(v) > maxLanguage {
		return ""
	}
	for i := range len(v) {
		c := v[i]
		if !isAlnum(c) && c != '-' {
			return ""
		}
	}
	return v
}

func directionValue(v string) string {
	if v == "ltr" || v == "rtl" || v == "auto" {
		return v
	}
	return ""
}

func numberValue(v string) string {
	if len(v) > maxDigits {
		return ""
	}
	for i := range len(v) {
		if v[i] < '0' || v[i] > '9' {
			return ""
		}
	}
	return v
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
