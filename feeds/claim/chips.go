package claim

import (
	"fmt"
	"slices"
	"strings"
)

// chip is an accelerator of the registry, or a family of them.
type chip struct {
	name, vendor, family string
	isFamily             bool // the name of an architecture: "Blackwell"
}

// loadChips reads chips.txt: "name; vendor; family: alias | alias".
func (r *Reader) loadChips() error {
	return eachLine(data, "data/chips.txt", func(line string) error {
		head, aliases, ok := strings.Cut(line, ": ")
		fields := strings.Split(head, "; ")
		if !ok || len(fields) != 3 {
			return fmt.Errorf("want \"name; vendor; family: aliases\", have %q", line)
		}
		c := chip{name: fields[0], vendor: fields[1], family: fields[2]}
		if c.family == "family" {
			c.family, c.isFamily = c.name, true
		}
		if _, twice := r.chips[c.name]; twice {
			return fmt.Errorf("chip %q stands twice", c.name)
		}
		r.chips[c.name] = c
		for _, alias := range strings.Split(aliases, "|") {
			alias = strings.TrimSpace(alias)
			for _, form := range []string{alias, alias + "s"} {
				if err := r.lexicon.addOnce("chip", c.name, "", form); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// counted is what a quantity counts, in tokens from..to.
type counted struct {
	from, to int
	chips    []string // names, none where only "GPUs" are spoken of
}

// walkLimit is how many tokens may stand between a figure and its noun.
const walkLimit = 14

// chipsAfter reads the accelerators that a figure ending before token at
// counts: "100,000 liquid-cooled Nvidia H100 GPUs".
func (s *sentence) chipsAfter(at int) (counted, bool) {
	c, i, noun := counted{from: at, to: at}, at, false
	for i < len(s.toks) && i < at+walkLimit {
		switch h, ok := s.noun(i); {
		case ok && h.kind == "chip":
			c.chips, noun, i, c.to = append(c.chips, h.value), true, h.to, h.to
		case ok:
			noun, i, c.to = true, h.to, h.to
		case noun:
			if next := s.furtherChip(i); next > i {
				i = next
				continue
			}
			return s.finish(c)
		default:
			next := s.skipFill(i)
			if next == i {
				return c, false
			}
			i = next
		}
	}
	if !noun {
		return c, false
	}
	return s.finish(c)
}

// noun returns the longest chip or generic noun at token i. A box ("node",
// "DGX") that is longer or as long is none.
func (s *sentence) noun(i int) (hit, bool) {
	c, okC := s.starting(i, "chip")
	g, okG := s.starting(i, "gpu")
	b, okB := s.starting(i, "box")
	if okG && (!okC || g.to > c.to) {
		c, okC = g, true
	}
	return c, okC && !(okB && b.to >= c.to)
}

// skipFill steps over one word that may stand between figure and noun.
func (s *sentence) skipFill(i int) int {
	if i >= len(s.toks) || s.has(i, "box") {
		return i
	}
	for _, kind := range []string{"fill", "link", "post", "equiv"} {
		if h, ok := s.starting(i, kind); ok {
			return h.to
		}
	}
	switch t := s.text(i); {
	case t == "-" || t == "‑" || t == "'" || t == "’" || t == "\n" || t == "/":
		return i + 1
	case t == ",": // "1024, 16 GB V100 GPUs"
		if s.memory(i+1) > i+1 {
			return i + 1
		}
	}
	if s.toks[i].kind == word && s.lang == fallback && strings.HasSuffix(s.toks[i].text, "ly") {
		return i + 1
	}
	return s.memory(i)
}

// memory steps over a size of memory: "80GB".
func (s *sentence) memory(i int) int {
	if i+1 < len(s.toks) && s.toks[i].kind == digits {
		if h, ok := s.starting(i+1, "unit"); ok && strings.HasPrefix(h.value, "memory") {
			return h.to
		}
	}
	return i
}

// furtherChip returns where a further name of the counted chips begins, after
// a noun was read: "GPU Nvidia H100", "GB200s & GB300s", "GPUs (NVIDIA A100)".
// It returns i if there is none.
func (s *sentence) furtherChip(i int) int {
	j, joined := i, false
	for j < len(s.toks) && j < i+6 {
		if h, ok := s.noun(j); ok {
			if h.kind != "chip" && !joined {
				return j
			}
			if h.kind == "chip" {
				return j
			}
			return i
		}
		switch t := s.text(j); {
		case t == "/" || t == "&" || t == "(" && j == i:
			joined, j = true, j+1
		case s.has(j, "joinand"):
			joined, j = true, j+1
		default:
			next := s.skipFill(j)
			if next == j {
				return i
			}
			j = next
		}
	}
	return i
}

// finish rejects a count whose noun only describes another: "20 H100 GPU
// pods", "24,000 H100 hours".
func (s *sentence) finish(c counted) (counted, bool) {
	at := c.to
	if t := s.text(at); t == "-" || t == "'" || t == "’" || t == "s" {
		at++
	}
	if t := s.text(at); t == "s" {
		at++
	}
	if s.text(at) == "\n" {
		at++
	}
	if at > c.to && s.has(at, "suffix") && s.text(c.to) == "-" { // "GPU-optimized systems"
		return c, false
	}
	if s.has(at, "box") && !slices.Contains(systems, strings.Join(c.chips, "")) {
		return c, false
	}
	c.chips = slices.Compact(c.chips)
	return c, true
}

// systems are accelerators that are sold as whole systems.
var systems = []string{"CS-2", "CS-3"}

// chipsBefore reads the accelerators that stand before a figure beginning at
// token at: "GB200/GB300: 500,000", "GPU 5만 장", "number of GPUs to 10,000".
func (s *sentence) chipsBefore(q *quantity) (counted, bool) {
	i := q.from
	end, tight := s.backToNoun(q, i)
	if end < 0 {
		return counted{}, false
	}
	counter := s.has(q.to, "counter") && s.endsCount(q.to)
	for j := end; j < i && counter; j++ {
		counter = !s.parts(j)
	}
	if !tight && !counter && !s.numberOf(end, i) && !s.inAll(q, end) {
		return counted{}, false
	}
	c := counted{from: end, to: q.to}
	if counter {
		h, _ := s.starting(q.to, "counter")
		c.to = h.to
	}
	for {
		h, ok := s.endingNoun(c.from)
		if !ok {
			break
		}
		if h.kind == "chip" {
			c.chips = append(c.chips, h.value)
		}
		c.from = h.from
		if s.text(c.from-1) == ")" && s.text(c.from-4) == "(" && s.memory(c.from-3) == c.from-1 { // "V100 (32GB) GPUs"
			c.from -= 4
		}
		if t := s.text(c.from - 1); t == "/" || t == "&" || s.has(c.from-1, "fill") || s.has(c.from-1, "joinand") {
			c.from--
		}
	}
	slices.Reverse(c.chips)
	if s.numberOf(end, i) {
		if h, ok := s.firstIn(max(0, c.from-4), c.from, "numof", ""); ok {
			c.from = h.from
		}
	}
	return c, true
}

func (s *sentence) endingNoun(i int) (hit, bool) {
	if h, ok := s.ending(i, "chip"); ok {
		return h, true
	}
	return s.ending(i, "gpu")
}

// backToNoun returns the end of the noun that stands before token i, or -1,
// and whether only a colon or a line end stands between.
func (s *sentence) backToNoun(q *quantity, i int) (end int, tight bool) {
	for j := i; j > 0 && j > i-10; j-- {
		if _, ok := s.endingNoun(j); ok {
			if j == i {
				return j, false
			}
			sep := s.text(j)
			tight = (sep == "," && s.has(q.to, "pers") && s.any(q.to, q.to+2, "coll") || sep == ":" || sep == "：" || sep == "\n" || sep == "–" || sep == "=" || sep == "(" && s.text(q.to) == ")" && !q.bare) && j == i-1
			return j, tight
		}
		if s.toks[j-1].kind == digits {
			break
		}
	}
	return -1, false
}

// numberOf reports whether the noun that ends at token end is spoken of by
// number ("the number of GPUs … to 10,000").
func (s *sentence) numberOf(end, at int) bool {
	if !s.any(end-6, at, "numof") || at-end > 9 {
		return false
	}
	return at == end || s.has(at-1, "rangeto") || s.has(at-1, "copula") || s.text(at-1) == ":"
}

// inAll reports whether a figure sums up what was counted before: "four V100
// GPUs in each, 1,044 in all".
func (s *sentence) inAll(q *quantity, end int) bool {
	return s.has(q.to, "inall") && q.from-end < 4 && s.text(end) == ","
}

// endsCount reports whether nothing else is counted by the counter at token
// i: in Chinese a noun may follow, "GPU 包含35000个部件".
func (s *sentence) endsCount(i int) bool {
	h, _ := s.starting(i, "counter")
	return s.lang != "zh" || h.to >= len(s.toks) || s.toks[h.to].kind != glyph || s.has(h.to, "aftercount") || s.has(h.to, "mod")
}
