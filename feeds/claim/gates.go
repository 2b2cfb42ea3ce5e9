package claim

// aboutSite reports whether a measure in the sentence is one of AI
// infrastructure: the sentence names a data center, a cluster, accelerators,
// or speaks of the site that the sentences before are about, and nothing says
// otherwise.
func (d *doc) aboutSite(s *sentence, q *quantity, metric string) bool {
	lo, hi := s.clause(q.from, q.to)
	if s.no(lo, hi, metric) || s.aggregate() {
		return false
	}
	if metric == "cost" && s.no(max(0, q.from-10), min(len(s.toks), q.to+10), metric) {
		return false
	}
	return d.near(s, q)
}

// near reports whether the sentence is about infrastructure, or continues one
// that is.
func (d *doc) near(s *sentence, q *quantity) bool {
	if s.infrastructure() || d.namesCluster(s) {
		return true
	}
	if d.titled && (s.any(0, len(s.toks), "site") || s.lang != fallback && s.any(0, len(s.toks), "weak")) {
		return true
	}
	if !d.strong && len(d.clusters) == 0 || !s.any(0, len(s.toks), "weak") {
		return false
	}
	for back := 1; back <= 3 && s.index-back >= 0; back++ {
		if p := d.sentences[s.index-back]; p.infrastructure() || d.namesCluster(p) {
			return true
		}
	}
	return false
}

// infrastructure reports whether the sentence itself names infrastructure.
func (s *sentence) infrastructure() bool {
	for i := range s.hits {
		switch s.hits[i].kind {
		case "strong", "chip", nameSure:
			return true
		}
	}
	return false
}

// namesCluster reports whether the sentence names a cluster of the registry.
func (d *doc) namesCluster(s *sentence) bool {
	return len(d.clustersIn(s.index, s.index)) > 0
}

// follows reports whether the sentence right before is about infrastructure,
// so that "it" is.
func (d *doc) follows(s *sentence) bool {
	if s.index == 0 {
		return false
	}
	p := d.sentences[s.index-1]
	return p.infrastructure() || d.namesCluster(p)
}

// manySites is how many data centers no one company has: what so many need
// together is a country's, or the industry's.
const manySites = 100

// aggregate reports whether the sentence sums up a country or the industry.
func (s *sentence) aggregate() bool {
	if s.any(0, len(s.toks), "industry") {
		return true
	}
	for i := range s.toks {
		if s.toks[i].kind != digits || !s.has(i+1, "strong") || s.has(i+1, "gpu") || s.has(i+1, "chip") {
			continue
		}
		if n, ok := s.readDigits(i); ok && n.to == i+1 && max(n.value, n.other) >= manySites && !s.toks[i].upper {
			if _, isYear := s.year(i); !isYear {
				return true
			}
		}
	}
	return false
}
