package story

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
)

//go:embed data/scales.tsv
var scalesTSV []byte

//go:embed data/concepts.tsv
var conceptsTSV []byte

//go:embed data/frequency.tsv
var frequencyTSV []byte

// scale is what a word behind a number does to it.
type scale struct {
	times float64
	unit  string
}

// lines calls use with the fields of each line of a data file.
func lines(name string, data []byte, use func(fields []string) error) error {
	in := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; in.Scan(); n++ {
		if line := in.Text(); line != "" && !strings.HasPrefix(line, "# ") {
			if err := use(strings.Split(line, "\t")); err != nil {
				return fmt.Errorf("%s line %d: %w", name, n, err)
			}
		}
	}
	return in.Err()
}

func (m *Matcher) loadScales() error {
	return lines("scales.tsv", scalesTSV, func(f []string) error {
		if len(f) < 2 {
			return fmt.Errorf("want a word and a factor")
		}
		times, err := strconv.ParseFloat(f[1], 64)
		s := scale{times: times}
		if len(f) > 2 {
			s.unit = f[2]
		}
		m.scales[f[0]] = s
		return err
	})
}

func (m *Matcher) loadConcepts() error {
	return lines("concepts.tsv", conceptsTSV, func(f []string) error {
		if len(f) != 2 {
			return fmt.Errorf("want a concept and its words")
		}
		for _, w := range strings.Fields(f[1]) {
			parts := strings.Split(w, "_")
			m.concepts[strings.Join(parts, " ")] = "=" + f[0]
			m.longest = max(m.longest, len(parts))
			for _, r := range w {
				if isCJK(r) {
					m.longestRun = max(m.longestRun, len([]rune(w)))
					break
				}
			}
		}
		return nil
	})
}

func (m *Matcher) loadFrequencies() error {
	return lines("frequency.tsv", frequencyTSV, func(f []string) error {
		if len(f) != 2 {
			return fmt.Errorf("want a word and a count")
		}
		n, err := strconv.Atoi(f[1])
		if f[0] == "*" {
			m.headlines = float64(n)
			return err
		}
		m.frequency[f[0]] = float64(n)
		return err
	})
}

// rarity is the inverse document frequency of a word in the headlines of
// recent years, from 0 to maxRarity (Spärck Jones, 1972).
func (m *Matcher) rarity(word string) float64 {
	return math.Min(maxRarity, math.Log((m.headlines+1)/(m.frequency[word]+1)))
}
