package feeds

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/eval"
	"clusterwire/feeds/news"
	matching "clusterwire/feeds/story"
)

// JudgeCorpora scores the rules on sets that other people labelled, which are
// not part of the program. Those that dir lacks are left out.
func JudgeCorpora(r *Reader, dir fs.FS) ([]news.QualitySet, error) {
	var sets []news.QualitySet
	for _, corpus := range []struct {
		file  string
		judge func(*Reader, fs.File) (news.QualitySet, error)
	}{
		{"epoch/gold.jsonl", judgeQuotes},
		{"stories/pairs.jsonl", judgePairs},
		{"stories/uci_news_aggregator.tsv", judgeStories},
	} {
		f, err := dir.Open(corpus.file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		set, err := corpus.judge(r, f)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", corpus.file, err)
		}
		sets = append(sets, set)
	}
	return sets, nil
}

// judgeQuotes asks how many chips Epoch AI's quotations state.
func judgeQuotes(r *Reader, f fs.File) (news.QualitySet, error) {
	quotes, err := eval.ReadQuotes(f)
	if err != nil {
		return news.QualitySet{}, err
	}
	var count, withChip eval.Score
	silent := 0
	for _, q := range quotes {
		one, two, _ := q.Compare(r.Read(news.Text{Body: q.Text}).Claims)
		count, withChip = count.Plus(one), withChip.Plus(two)
		if one == (eval.Score{}) {
			silent++
		}
	}
	set := newSet("epoch", "How many chips does the quotation state?",
		"quotations and values of Epoch AI, “Data on GPU Clusters”, epoch.ai/data/gpu-clusters, CC BY 4.0; counts that stand verbatim in the quotation are scored", len(quotes), silent, count)
	set.Figures = append(set.Figures, figureOf("part", "with the right chip", withChip))
	return set, nil
}

// judgePairs asks whether two headlines report one event.
func judgePairs(r *Reader, f fs.File) (news.QualitySet, error) {
	var score eval.Score
	pairs, apart := 0, 0
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct {
			Label string
			A, B  struct{ Title, Summary, Published, Lang string }
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return news.QualitySet{}, err
		}
		var fs []matching.Features
		for _, x := range []struct{ Title, Summary, Published, Lang string }{row.A, row.B} {
			day, err := time.Parse(time.DateOnly, x.Published[:min(len(time.DateOnly), len(x.Published))])
			if err != nil {
				day = time.Time{} // undated, as an article would be
			}
			text := news.Text{Title: x.Title, Body: x.Summary, Language: x.Lang, Published: day}
			fs = append(fs, r.stories.Featurize(text, r.Read(text)))
		}
		g := r.stories.Group(fs)
		pairs++
		apart += count(row.Label != "same")
		score = score.Plus(eval.Binary(row.Label == "same", g[0].Story == g[1].Story))
	}
	return newSet("pairs", "Do two headlines with their summaries report one event?",
		"pairs of real headlines labelled by others: the same event, a related one or another", pairs, apart, score), lines.Err()
}

// judgeStories asks which headlines of three days belong together.
func judgeStories(r *Reader, f fs.File) (news.QualitySet, error) {
	var want []string
	var features []matching.Features
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		c := strings.Split(strings.TrimRight(lines.Text(), "\r"), "\t")
		if len(c) != 8 || strings.HasPrefix(c[0], "# ") {
			continue
		}
		ms, err := strconv.ParseInt(c[7], 10, 64)
		if err != nil {
			continue // the line that names the columns
		}
		text := news.Text{Title: c[1], Language: "en", Published: time.UnixMilli(ms).UTC().Truncate(24 * time.Hour)}
		features = append(features, r.stories.Featurize(text, r.Read(text)))
		want = append(want, c[5])
	}
	return grouping("stories", "Which headlines of three days report one event (B-cubed)?",
		"UCI News Aggregator data set of F. Gasparetti; titles alone, with the day of each", want, r.stories.Group(features)), lines.Err()
}
