package claim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"clusterwire/feeds/news"
)

// Kinds of cluster names by how much evidence they need.
const (
	nameSure  = "cluster" // "Stargate Abilene": nothing else is called so
	nameMaybe = "maybe"   // "Colossus": needs infrastructure or its operator close by
	nameRare  = "rare"    // "Aurora", also a town: needs them right beside
	nameSeat  = "seat"    // "Abilene", its town: needs its operator or owner close by as well
)

// loadClusters reads clusters.txt, a line for each:
// "slug; name; operator; owner; place; country; note: alias | ?alias". One
// question mark before an alias says nameMaybe, two say nameRare, "@" nameSeat.
func (r *Reader) loadClusters() error {
	err := eachLine(data, "data/clusters.txt", func(line string) error {
		head, aliases, ok := strings.Cut(line, ": ")
		f := strings.Split(head, "; ")
		if !ok || len(f) != 7 {
			return fmt.Errorf("want \"slug; name; operator; owner; place; country; note: aliases\", have %q", line)
		}
		for i := range f {
			f[i] = strings.TrimPrefix(f[i], "-")
		}
		c := news.Cluster{Slug: f[0], Name: f[1], Operator: f[2], Owner: f[3], Place: f[4], Country: f[5], Note: f[6]}
		if _, twice := r.clusters[c.Slug]; twice {
			return fmt.Errorf("cluster %q stands twice", c.Slug)
		}
		for _, alias := range strings.Split(aliases, "|") {
			alias = strings.TrimSpace(alias)
			plain := strings.TrimLeft(alias, "?")
			kind := []string{nameSure, nameMaybe, nameRare}[min(2, len(alias)-len(plain))]
			if seat, ok := strings.CutPrefix(alias, "@"); ok {
				kind, plain = nameSeat, seat
			}
			if err := r.lexicon.addOnce(kind, c.Slug, "", plain); err != nil {
				return err
			}
			c.Aliases = append(c.Aliases, plain)
		}
		r.list(c)
		city, _, _ := strings.Cut(c.Place, ",")
		if city == "" {
			return nil
		}
		if c.Operator+c.Owner != "" && strings.Contains(c.Slug, slugOf(city)) { // called by its town
			if err := r.lexicon.addOnce(nameSeat, c.Slug, "", city); err != nil {
				return err
			}
		}
		return r.lexicon.addOnce("place", "", "", city)
	})
	slices.SortFunc(r.listed, func(a, b news.Cluster) int { return strings.Compare(a.Slug, b.Slug) })
	return err
}

// list adds a cluster to the registry.
func (r *Reader) list(c news.Cluster) {
	r.clusters[c.Slug] = &c
	r.listed = append(r.listed, c)
	for _, slug := range []string{c.Operator, c.Owner} {
		if slug != "" {
			r.builders[slug] = true
		}
	}
}

// confirm adds the clusters that a person confirmed and the data files lack. A
// name of one word needs infrastructure close by, as names of the data files
// that are also words do. They are part of the version of the rules.
func (r *Reader) confirm(clusters []news.Cluster) error {
	sum := sha256.New()
	added := 0
	for _, c := range clusters {
		if r.clusters[c.Slug] != nil {
			continue
		}
		added++
		r.list(c)
		fmt.Fprintf(sum, "%q\n", []string{c.Slug, c.Name, c.Operator, c.Owner, c.Place, strings.Join(c.Aliases, "|")})
		for _, alias := range append([]string{c.Name}, c.Aliases...) {
			kind := nameSure
			if len(strings.Fields(alias)) < 2 {
				kind = nameMaybe
			}
			if err := r.lexicon.addOnce(kind, c.Slug, "", alias); err != nil {
				return err
			}
		}
	}
	if added > 0 {
		r.dataHash += "-" + hex.EncodeToString(sum.Sum(nil))[:6]
		slices.SortFunc(r.listed, func(a, b news.Cluster) int { return strings.Compare(a.Slug, b.Slug) })
	}
	return nil
}

// clusterHit is a cluster named in a sentence.
type clusterHit struct {
	slug     string
	sentence int
	from, to int  // tokens
	several  bool // it is named with another: "Colossus 1 and 2"
}

// findClusters fills d.clusters. other is the text's other part: a name that
// is certain in the title is certain in the body.
func (d *doc) findClusters(other *doc) {
	certain := map[string]bool{}
	for _, part := range []*doc{d, other} {
		for _, s := range part.sentences {
			for _, h := range longest(s.hits, nameSure, nameMaybe, nameRare, nameSeat) {
				if part.certain(s, h) {
					certain[h.value] = true
				}
			}
		}
	}
	for _, s := range d.sentences {
		for _, h := range longest(s.hits, nameSure, nameMaybe, nameRare, nameSeat) {
			if certain[h.value] && s.isName(h) {
				hit, ok := d.resolve(s, clusterHit{slug: h.value, sentence: s.index, from: h.from, to: h.to})
				if ok {
					d.clusters = append(d.clusters, hit)
				}
			}
		}
	}
}

// resolve tells which cluster a name means where a number or a place stands
// beside it: "a second Colossus", "Colossus 1 and 2", "Stargate in Saline
// Township". It reports false if it means none that is known.
func (d *doc) resolve(s *sentence, h clusterHit) (clusterHit, bool) {
	if s.has(h.to, "joinand") && h.to+1 < len(s.toks) && s.toks[h.to+1].kind == digits && len(s.text(h.to+1)) == 1 {
		h.several = true
	}
	if ord, ok := s.ordinalOf(h); ok && ord == "2" {
		base, ok := d.reader.family(h.slug)
		h.slug = base + "-2"
		return h, ok
	}
	for i := h.to; i < min(h.to+8, len(s.toks)) && !s.parts(i); i++ {
		for n := s.first[i]; n < s.first[i+1]; n++ {
			if site := s.siteAtPlace(h.slug, s.hits[n]); site != "" {
				h.slug = site
				return h, true
			}
		}
	}
	return h, true
}

// ordinalOf returns the number that stands right before a cluster's name.
func (s *sentence) ordinalOf(h clusterHit) (string, bool) {
	for i := h.from - 1; i >= max(0, h.from-3); i-- {
		if o, ok := s.starting(i, "nth"); ok && (o.to == h.from || s.text(o.to) == "of" || s.text(o.to) == "de" || s.text(o.to) == "der") {
			return o.value, true
		}
	}
	return "", false
}

// siteAtPlace returns the site of a programme that lies at the place of a hit.
func (s *sentence) siteAtPlace(programme string, place hit) string {
	switch place.kind {
	case nameSure, nameMaybe, nameSeat:
		if s.reader.umbrella(programme, place.value) {
			return place.value
		}
	}
	return ""
}

// isName reports whether a hit is written as a name.
func (s *sentence) isName(h hit) bool {
	switch {
	case h.kind == nameSure || s.toks[h.from].kind != word:
		return true
	case h.kind == nameRare && s.namedOn(h.to): // "Eagle Rock Partners"
		return false
	}
	return s.toks[h.from].upper
}

// namedOn reports whether the word at token i continues a name: a capital, and
// none that names infrastructure.
func (s *sentence) namedOn(i int) bool {
	if i >= len(s.toks) || s.toks[i].kind != word || !s.toks[i].upper || !s.toks[i].spaced {
		return false
	}
	return !s.has(i, "strong") && !s.has(i, "coll") && !s.has(i, "weak") && !s.has(i, "mod") && len(s.reader.function[s.toks[i].text]) == 0
}

// certain reports whether what stands around a name shows that the cluster is
// meant.
func (d *doc) certain(s *sentence, h hit) bool {
	if !s.isName(h) {
		return false
	}
	switch h.kind {
	case nameSure:
		return true
	case nameRare:
		lo, hi := max(0, h.from-2), min(len(s.toks), h.to+2)
		return s.any(lo, hi, "strong") || s.any(lo, hi, "coll") || d.names(s, h.value) || d.placed(s, h)
	}
	switch {
	case d.beginsWith(h.value):
		return true
	case h.kind == nameSeat && !d.infrastructure(s):
		return false
	}
	for i := max(0, s.index-1); i <= min(len(d.sentences)-1, s.index+1); i++ {
		n := d.sentences[i]
		if d.names(n, h.value) {
			return true
		}
		if h.kind == nameMaybe && (n.any(0, len(n.toks), "strong") || n.any(0, len(n.toks), "chip") || n.any(0, len(n.toks), "gpu")) {
			return true
		}
	}
	return h.kind == nameMaybe && s.any(0, len(s.toks), "coll")
}

// beginsWith reports whether a text says at its beginning that it is about a site
// of a cluster's operator or owner.
func (d *doc) beginsWith(slug string) bool {
	const beginning = 5 // sentences: a story sets a scene first
	names, site := false, false
	for _, s := range d.sentences[:min(beginning, len(d.sentences))] {
		names, site = names || d.names(s, slug), site || s.any(0, len(s.toks), "strong")
	}
	return names && site
}

// placed reports whether the sentence, or the one before, names the town of a
// cluster, and the sentence counts accelerators or computing power.
func (d *doc) placed(s *sentence, name hit) bool {
	city, _, _ := strings.Cut(d.reader.clusters[name.value].Place, ",")
	if city == "" || !s.infrastructure() && !s.any(0, len(s.toks), "unit") {
		return false
	}
	for _, p := range d.sentences[max(0, s.index-1) : s.index+1] {
		for _, h := range p.hits {
			if h.kind == "place" && (p != s || h.from != name.from) && fold(p.body[p.toks[h.from].start:p.toks[h.to-1].end]) == fold(city) {
				return true
			}
		}
	}
	return false
}

// names reports whether the sentence names the operator or owner of a cluster.
func (d *doc) names(s *sentence, slug string) bool {
	c := d.reader.clusters[slug]
	for _, m := range d.mentionsIn(s, 0, len(s.toks)) {
		if m.slug == c.Operator || m.slug == c.Owner {
			return true
		}
	}
	return false
}

// mentionsIn returns the companies named within tokens lo..hi.
func (d *doc) mentionsIn(s *sentence, lo, hi int) []named {
	if lo >= hi || len(d.mentions) == 0 {
		return nil
	}
	start, end := s.toks[lo].start, s.toks[hi-1].end
	i, _ := slices.BinarySearchFunc(d.mentions, start, func(m named, at int) int { return m.start - at })
	j := i
	for j < len(d.mentions) && d.mentions[j].start < end {
		j++
	}
	return d.mentions[i:j]
}

// alike reports whether two places have a name in common, however a language
// spells it: Louisiana, Luisiana and Louisiane. An unknown place is like any.
func alike(a, b string) bool {
	if a == "" {
		return true
	}
	for _, v := range strings.FieldsFunc(fold(a), notLetter) {
		for _, w := range strings.FieldsFunc(fold(b), notLetter) {
			if len(v) < 4 || len(w) < 4 {
				continue
			}
			if v[:4] == w[:4] || v[0] == w[0] && v[len(v)-3:] == w[len(w)-3:] {
				return true
			}
		}
	}
	return false
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// What is more than this is a whole project's, not one site's.
const (
	mostSiteCost  = 1e11
	mostSitePower = 5000
)

// siteOfProject returns the site of a project that the sentence names too, or
// that is the only one of the project that the text names.
func (d *doc) siteOfProject(s *sentence, c *news.Claim) string {
	project := c.Cluster
	large := c.ValueHi != nil && (c.Metric == news.MetricCost && *c.ValueHi > mostSiteCost || c.Metric == news.MetricPower && *c.ValueHi > mostSitePower)
	if parent, _, ok := strings.Cut(project, "-"); large && ok && d.reader.clusters[parent] != nil && d.reader.clusters[parent].Place == "" {
		return parent // what is said of a site is its project's
	}
	if project == "" || large || d.reader.clusters[project].Place != "" {
		return project
	}
	for _, h := range d.clustersIn(s.index, s.index) {
		if strings.HasPrefix(h.slug, project+"-") {
			return h.slug
		}
	}
	if strings.HasPrefix(d.main, project+"-") {
		return d.main
	}
	return project
}

// onlyPlaced returns the only cluster with a place that the parts name.
func (r *Reader) onlyPlaced(parts ...*doc) string {
	only := ""
	for _, d := range parts {
		for _, h := range d.clusters {
			switch {
			case r.clusters[h.slug].Place == "" || h.slug == only:
			case only != "":
				return ""
			default:
				only = h.slug
			}
		}
	}
	return only
}

// clustersIn returns the clusters named in the sentences first to last.
func (d *doc) clustersIn(first, last int) []clusterHit {
	i, _ := slices.BinarySearchFunc(d.clusters, first, func(h clusterHit, at int) int { return h.sentence - at })
	j := i
	for j < len(d.clusters) && d.clusters[j].sentence <= last {
		j++
	}
	return d.clusters[i:j]
}

// clusterTags lists the clusters that a text names, in the order of naming.
func clusterTags(parts ...*doc) []news.ClusterTag {
	var tags []news.ClusterTag
	for _, d := range parts {
		for _, h := range d.clusters {
			s := d.sentences[h.sentence]
			start, end := s.toks[h.from].start, s.toks[h.to-1].end
			e := news.Evidence{Start: start, End: end, Quote: d.body[start:end], In: d.in}
			i := slices.IndexFunc(tags, func(t news.ClusterTag) bool { return t.Cluster == h.slug })
			if i < 0 {
				tags, i = append(tags, news.ClusterTag{Cluster: h.slug}), len(tags)
			}
			tags[i].Evidence = append(tags[i].Evidence, e)
		}
	}
	return tags
}
