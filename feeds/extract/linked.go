package extract

import (
	"bytes"
	"encoding/json"
	"strings"
)

// object is what a JSON-LD object says of an article or page.
type object struct {
	types     []string
	headline  string
	published string
	modified  string
	authors   []string
	publisher string
	image     string
	language  string
	summary   string
	body      string
	url       string
	unfree    bool // isAccessibleForFree is false
}

// maxLinkedBytes is the most JSON-LD that is read from one script.
const maxLinkedBytes = 1 << 20

// readLinked reads one JSON-LD script: an object, an array or a @graph.
// Broken JSON gives nothing.
func readLinked(script string) []*object {
	if len(script) > maxLinkedBytes {
		return nil
	}
	script = strings.TrimSpace(script)
	for _, wrap := range []string{"<!--", "-->", "//<![CDATA[", "//]]>", "<![CDATA[", "]]>", "/*", "*/"} {
		script = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(script, wrap), wrap))
	}
	var v any
	if json.Unmarshal([]byte(script), &v) != nil && json.Unmarshal(mendJSON(script), &v) != nil {
		return nil
	}
	var out []*object
	collectLinked(v, 0, &out)
	return out
}

// mendJSON turns raw control characters, which publishers leave inside
// strings, into spaces, and drops a trailing semicolon or comma.
func mendJSON(s string) []byte {
	b := bytes.Map(func(r rune) rune {
		if r < 0x20 {
			return ' '
		}
		return r
	}, []byte(s))
	return bytes.TrimRight(b, " ;,")
}

func collectLinked(v any, depth int, out *[]*object) {
	if depth > 4 || len(*out) >= maxLinked {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			collectLinked(e, depth+1, out)
		}
	case map[string]any:
		if o := newObject(v); len(o.types) > 0 {
			*out = append(*out, o)
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			collectLinked(v[key], depth+1, out)
		}
	}
}

func newObject(m map[string]any) *object {
	o := &object{
		types:     texts(m["@type"], ""),
		headline:  text(m["headline"], "@value"),
		published: text(m["datePublished"], "@value"),
		modified:  text(m["dateModified"], "@value"),
		authors:   texts(m["author"], "name"),
		publisher: text(m["publisher"], "name"),
		image:     text(m["image"], "url"),
		language:  text(m["inLanguage"], "name"),
		summary:   text(m["description"], "@value"),
		body:      text(m["articleBody"], "@value"),
		url:       text(m["url"], "@id"),
	}
	if o.published == "" {
		o.published = text(m["dateCreated"], "@value")
	}
	if o.headline == "" {
		o.headline = text(m["name"], "@value")
	}
	if o.url == "" {
		o.url = text(m["mainEntityOfPage"], "@id")
	}
	switch free := m["isAccessibleForFree"].(type) {
	case bool:
		o.unfree = !free
	case string:
		o.unfree = strings.EqualFold(free, "false")
	}
	return o
}

// isArticle reports whether the object is one of schema.org's articles.
func (o *object) isArticle() bool {
	for _, t := range o.types {
		t = t[strings.LastIndexAny(t, "/:")+1:]
		if strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "Posting") || t == "Report" || t == "PressRelease" {
			return t != "JobPosting"
		}
	}
	return false
}

// text is the first string in v; key names the property to look at where v
// is an object.
func text(v any, key string) string {
	if all := texts(v, key); len(all) > 0 {
		return all[0]
	}
	return ""
}

func texts(v any, key string) []string {
	switch v := v.(type) {
	case string:
		if v = strings.TrimSpace(v); v != "" {
			return []string{v}
		}
	case []any:
		var out []string
		for _, e := range v {
			if len(out) < 16 {
				out = append(out, texts(e, key)...)
			}
		}
		return out
	case map[string]any:
		if key == "" {
			return nil
		}
		if got := texts(v[key], ""); len(got) > 0 {
			return got
		}
		if key == "url" {
			return texts(v["@id"], "")
		}
	}
	return nil
}
