package claim

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"clusterwire/feeds/news"
)

//go:embed data
var data embed.FS

// version names the rules in the code: raise it when one changes what is read,
// so that stored articles are read again. A change of a data file shows in
// Reader.Version by itself.
const version = "17"

// Reader reads claims. It is immutable and safe for concurrent use.
type Reader struct {
	lexicon   *lexicon
	languages map[string]bool
	function  map[string][]string // common word -> languages
	compounds map[string]*compounds
	chips     map[string]chip
	clusters  map[string]*news.Cluster
	listed    []news.Cluster
	towns     []string        // ordered by townKey
	builders  map[string]bool // Company.Slug of those that operate or own clusters
	develop   map[string]bool // and of those whose business is data centers
	dataHash  string          // of all data files
	weights   weights         // of the evidence for figures: see publish.go
}

// New loads the embedded data files. The registry of clusters is that of the
// data files and the clusters given, which a person confirmed.
func New(confirmed ...news.Cluster) (*Reader, error) {
	r := &Reader{
		lexicon:   newLexicon(),
		languages: map[string]bool{},
		function:  map[string][]string{},
		chips:     map[string]chip{},
		clusters:  map[string]*news.Cluster{},
		builders:  map[string]bool{},
		develop:   map[string]bool{},
	}
	if err := r.loadWords(); err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	if err := r.loadChips(); err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	if err := r.loadClusters(); err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	if err := r.loadPlaces(); err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	if err := r.loadTowns(); err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	err := eachLine(data, "data/developers.txt", func(slug string) error {
		r.develop[slug] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	if err := r.loadWeights(); err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	if r.dataHash, err = hashData(); err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	if err := r.confirm(confirmed); err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	return r, nil
}

// hashData returns the beginning of the SHA-256 of all data files, in hex.
func hashData() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(data, "data", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := data.ReadFile(name)
		fmt.Fprintf(sum, "%s %d\n", name, len(b))
		sum.Write(b)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil))[:12], err
}

// loadWords reads common.txt and the file of each language.
func (r *Reader) loadWords() error {
	names, err := fs.Glob(data, "data/*.txt")
	if err != nil {
		return err
	}
	for _, name := range names {
		lang := strings.TrimSuffix(path.Base(name), ".txt")
		if len(lang) == 2 {
			r.languages[lang] = true
		} else if lang != "common" {
			continue
		}
		if err := r.lexicon.load(data, name); err != nil {
			return err
		}
	}
	small := map[string]map[string]float64{}
	for i := range r.lexicon.entries {
		if err := r.checkEntry(&r.lexicon.entries[i]); err != nil {
			return err
		}
	}
	if err := r.indexWords(small); err != nil {
		return err
	}
	r.compounds = newCompounds(small)
	return nil
}

// numeric lists the kinds whose value is a number.
var numeric = []string{"num", "scale", "whole", "figures", "month", "quarter", "half", "phase"}

func (r *Reader) checkEntry(e *entry) error {
	if slices.Contains(numeric, e.kind) {
		if _, err := strconv.ParseFloat(e.value, 64); err != nil {
			return fmt.Errorf("%s %q in %q is no number", e.kind, e.value, e.lang)
		}
	}
	if e.kind == "unit" {
		if _, factor := splitUnit(e.value); factor == 0 {
			return fmt.Errorf("unit %q in %q has no factor", e.value, e.lang)
		}
	}
	return nil
}

// indexWords collects the common words of each language and its number words
// below a hundred, which compounds are made of.
func (r *Reader) indexWords(small map[string]map[string]float64) error {
	for lang := range r.languages {
		small[lang] = map[string]float64{}
		err := eachLine(data, "data/"+lang+".txt", func(line string) error {
			head, phrases, _ := strings.Cut(line, ": ")
			kind, value, _ := strings.Cut(head, " ")
			for _, p := range strings.Split(phrases, "|") {
				p = fold(strings.TrimSpace(p))
				switch kind {
				case "fn":
					r.function[p] = append(r.function[p], lang)
				case "num":
					v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
					if err != nil {
						return err
					}
					small[lang][p] = v
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// splitUnit parses "power_mw 1000".
func splitUnit(value string) (metric string, factor float64) {
	metric, f, _ := strings.Cut(value, " ")
	factor, err := strconv.ParseFloat(f, 64)
	if err != nil {
		return metric, 0
	}
	return metric, factor
}

// Clusters returns the registry of clusters, ordered by slug.
func (r *Reader) Clusters() []news.Cluster { return slices.Clone(r.listed) }

// Version names the rules that Read applies.
func (r *Reader) Version() string { return "claim/" + version + "-" + r.dataHash }
