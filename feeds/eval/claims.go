package eval

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"clusterwire/feeds/news"
)

// LabelledClaims is a text with the claims that a person says it makes.
type LabelledClaims struct {
	Line   int // of the file that it was read from
	Text   news.Text
	Claims []ClaimLabel
}

// ClaimLabel is what of a claim is compared: its metric, its value or words,
// its chip or currency, and where somebody said so, its modality.
type ClaimLabel struct {
	Metric   news.Metric
	Lo, Hi   float64
	Words    string // of a place or a date
	Of       string // chip or currency, "" for none
	Modality news.Modality
	Basis    news.Basis // "" where nobody said
	Cluster  string     // Cluster.Slug, "" where nobody said
}

// ReadClaims reads labelled claims. A text is one line, in which "¶" ends a
// paragraph, and ends at an empty one; each line after it is a claim:
//
//	= metric; value or lo..hi or words; chip or currency; modality; basis; cluster
//
// The last four may be left out. A modality, basis or cluster that is left out
// is not compared; a chip or currency that is left out says that there is none.
// A line that begins with "#" is a comment.
func ReadClaims(r io.Reader, language string) ([]LabelledClaims, error) {
	var out []LabelledClaims
	open, n := false, 0
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		n++
		line := strings.TrimSpace(s.Text())
		switch {
		case strings.HasPrefix(line, "#"):
		case line == "":
			open = false
		case !open:
			open = true
			out = append(out, LabelledClaims{Line: n, Text: news.Text{Body: strings.ReplaceAll(line, "¶", "\n\n"), Language: language}})
		default:
			label, err := parseClaim(line)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			last := &out[len(out)-1]
			last.Claims = append(last.Claims, label)
		}
	}
	return out, s.Err()
}

func parseClaim(line string) (ClaimLabel, error) {
	body, ok := strings.CutPrefix(line, "= ")
	if !ok {
		return ClaimLabel{}, fmt.Errorf("%q is no claim", line)
	}
	fields := strings.Split(body, ";")
	for len(fields) < 6 {
		fields = append(fields, "")
	}
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	l := ClaimLabel{Metric: news.Metric(fields[0]), Of: fields[2], Modality: news.Modality(fields[3]),
		Basis: news.Basis(fields[4]), Cluster: fields[5]}
	if !slices.Contains(news.Metrics(), l.Metric) {
		return l, fmt.Errorf("%q has no metric", line)
	}
	if l.Metric == news.MetricLocation || l.Metric == news.MetricOnlineDate {
		l.Words = fields[1]
		return l, nil
	}
	lo, hi, ranged := strings.Cut(fields[1], "..")
	if !ranged {
		hi = lo
	}
	var errLo, errHi error
	l.Lo, errLo = strconv.ParseFloat(lo, 64)
	l.Hi, errHi = strconv.ParseFloat(hi, 64)
	if errLo != nil || errHi != nil {
		return l, fmt.Errorf("%q has no value", line)
	}
	return l, nil
}

// LabelOf writes a claim as a label.
func LabelOf(c news.Claim) ClaimLabel {
	l := ClaimLabel{Metric: c.Metric, Words: c.ValueText, Of: c.Chip + c.Currency, Modality: c.Modality, Basis: c.Basis, Cluster: c.Cluster}
	if c.ValueLo != nil {
		l.Lo, l.Hi, l.Words = *c.ValueLo, *c.ValueHi, ""
	}
	return l
}

// Same reports whether two labels are one claim, whatever their modality, basis and cluster. A
// thousandth is allowed for units that are converted.
func (l ClaimLabel) Same(o ClaimLabel) bool {
	close := func(a, b float64) bool { return math.Abs(a-b) <= 0.001*math.Max(a, b) }
	return l.Metric == o.Metric && l.Words == o.Words && l.Of == o.Of && close(l.Lo, o.Lo) && close(l.Hi, o.Hi)
}

// String writes the label as a line of a file has it.
func (l ClaimLabel) String() string {
	value := l.Words
	if value == "" {
		value = strconv.FormatFloat(l.Lo, 'f', -1, 64)
		if l.Hi != l.Lo {
			value += ".." + strconv.FormatFloat(l.Hi, 'f', -1, 64)
		}
	}
	return fmt.Sprintf("%s; %s; %s; %s", l.Metric, value, l.Of, l.Modality)
}

// ClaimTally adds up how the claims that were read compare with those that are
// right. Its zero value is ready.
type ClaimTally struct {
	ByMetric   map[news.Metric]Score
	ByLanguage map[string]Score
	Modality   Confusion // of claims that are right and whose modality was labelled
	Basis      Confusion // likewise
	Cluster    Confusion // likewise
}

// Add compares the claims read from a text with its labels, and gives the
// mismatches, one a line.
func (t *ClaimTally) Add(l LabelledClaims, claims []news.Claim) (mismatches []string) {
	if t.ByMetric == nil {
		t.ByMetric, t.ByLanguage = map[news.Metric]Score{}, map[string]Score{}
	}
	count := func(m news.Metric, s Score) {
		t.ByMetric[m] = t.ByMetric[m].Plus(s)
		t.ByLanguage[l.Text.Language] = t.ByLanguage[l.Text.Language].Plus(s)
	}
	left := slices.Clone(l.Claims)
	for _, c := range claims {
		got := LabelOf(c)
		i := slices.IndexFunc(left, got.Same)
		if i < 0 {
			count(c.Metric, Score{FP: 1})
			mismatches = append(mismatches, "invented "+got.String())
			continue
		}
		count(c.Metric, Score{TP: 1})
		for _, f := range []struct {
			name      string
			of        *Confusion
			want, got string
		}{
			{"modality", &t.Modality, string(left[i].Modality), string(got.Modality)},
			{"basis", &t.Basis, string(left[i].Basis), string(got.Basis)},
			{"cluster", &t.Cluster, left[i].Cluster, got.Cluster},
		} {
			if f.want == "" {
				continue
			}
			f.of.Add(f.want, f.got)
			if f.want != f.got {
				mismatches = append(mismatches, fmt.Sprintf("%s, %s %q should be %s", got, f.name, f.got, f.want))
			}
		}
		left = slices.Delete(left, i, i+1)
	}
	for _, m := range left {
		count(m.Metric, Score{FN: 1})
		mismatches = append(mismatches, "missed "+m.String())
	}
	return mismatches
}

// Micro is the score over all claims.
func (t *ClaimTally) Micro() Score {
	var sum Score
	for _, s := range t.ByMetric {
		sum = sum.Plus(s)
	}
	return sum
}
