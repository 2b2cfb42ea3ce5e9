package claim

import (
	"slices"
	"strings"
)

// topicOf returns the cluster that a text is about: the only one of its title,
// if a third of what the body names is that, else the only one that the body
// names, early or twice; "" if there is none. A programme gives way to the only one of its
// sites that is named.
func (r *Reader) topicOf(title, body *doc) string {
	slug, n := r.single(title.clusters)
	only, _ := r.single(body.clusters)
	switch {
	case n > 0 && only != "" && r.umbrella(slug, only):
		return only
	case n > 0:
		same := 0
		for _, h := range body.clusters {
			same += int(btof(h.slug == slug || r.umbrella(h.slug, slug) || strings.HasPrefix(slug, h.slug))) // or what it succeeds: Fugaku, FugakuNEXT
		}
		if 3*same < len(body.clusters) {
			return ""
		}
		return slug
	case title.serves():
		return ""
	case only != "" && len(body.clusters) < 2 && body.clusters[0].sentence >= leadSentences:
		return "" // named in passing
	}
	return only
}

// serves reports whether a title speaks of power plants: the text is then about
// them, not about the cluster that they serve.
func (d *doc) serves() bool {
	return slices.ContainsFunc(d.sentences, func(s *sentence) bool { return s.any(0, len(s.toks), ofPlant) })
}

// single returns the only cluster that hits name, programmes beside their sites
// left out, and how many hits there are.
func (r *Reader) single(hits []clusterHit) (slug string, n int) {
	for _, h := range hits {
		switch {
		case h.several:
			return "", len(hits)
		case slug == "" || r.umbrella(slug, h.slug):
			slug = h.slug
		case h.slug != slug && !r.umbrella(h.slug, slug):
			return "", len(hits)
		}
	}
	return slug, len(hits)
}

// onTopic reports whether a sentence that names no cluster goes on about the
// one that the whole text is about: no other company that has clusters, no
// other place, no power plant and no comparison stands in it.
func (d *doc) onTopic(s *sentence) bool {
	if d.topic == "" || len(d.clustersIn(s.index, s.index)) > 0 || d.carried(s) != d.topic {
		return false
	}
	n := len(s.toks)
	for _, kind := range []string{"another", "compare", "dual", "ordinal", ofPlant, ofTurbines, ofVehicle} {
		if s.any(0, n, kind) {
			return false
		}
	}
	for _, m := range d.mentionsIn(s, 0, n) {
		if d.reader.builders[m.slug] && !isVendor(m.slug) && !d.reader.runs(m.slug, d.topic) {
			return false
		}
	}
	return !d.elsewhere(s, n, d.topic)
}

// ordinal returns the word that counts sites where it is nearer to tokens at
// than a name: "the second site", "its successor".
func (s *sentence) ordinal(at span, lo, hi int, own clusterHit, named bool) (best hit, ok bool) {
	for n := s.first[lo]; n < s.first[hi]; n++ {
		h := s.hits[n]
		if h.kind != "ordinal" || named && own.from <= h.to && own.to >= h.from {
			continue
		}
		if h.from < at.to || !ok {
			best, ok = h, true
		}
	}
	if ok && named && own.from >= lo && own.from < hi && (own.from > best.from && own.from < at.to || best.from >= at.to) {
		return hit{}, false
	}
	return best, ok
}

// numbered returns the first or second of a family of clusters that the text
// names a member of: Colossus and Colossus 2.
func (d *doc) numbered(s *sentence, n string) (string, bool) {
	base := ""
	for _, h := range d.clustersIn(0, s.index) {
		if b, ok := d.reader.family(h.slug); ok {
			base = b
		}
	}
	if b, ok := d.reader.family(d.topic); base == "" && ok {
		base = b
	}
	switch {
	case base == "":
		return "", false
	case n == "1":
		return base, true
	case n == "2":
		return base + "-2", true
	}
	return "", true
}

// family returns the first of the clusters that are numbered like slug.
func (r *Reader) family(slug string) (base string, ok bool) {
	base = strings.TrimSuffix(slug, "-2")
	return base, r.clusters[base+"-2"] != nil && r.clusters[base] != nil
}
