package feeds

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"path"
	"slices"
	"strings"

	"clusterwire/feeds/claim"
	"clusterwire/feeds/eval"
	"clusterwire/feeds/lang"
	"clusterwire/feeds/news"
	matching "clusterwire/feeds/story"
	"clusterwire/feeds/tag"
)

//go:embed quality.json
var measured []byte

//go:embed quality-corpora.json
var measuredCorpora []byte

// MeasuredQuality is what Judge and JudgeCorpora found when this program was
// made; a test keeps it equal to a fresh run, but for the headlines of stories in
// the corpora, which take too long. It costs no time to ask. The
// version of the rules is left out: they are those of this program.
func MeasuredQuality() (news.Quality, error) {
	var q news.Quality
	if err := json.Unmarshal(measured, &q); err != nil {
		return q, fmt.Errorf("measured quality: %w", err)
	}
	var corpora news.Quality
	if err := json.Unmarshal(measuredCorpora, &corpora); err != nil {
		return q, fmt.Errorf("measured quality of the corpora: %w", err)
	}
	q.Sets = append(q.Sets, corpora.Sets...)
	return q, nil
}

// Judge reads the labelled texts that are part of the program with the whole
// line of rules, and scores what was concluded. It takes about a second.
func Judge(r *Reader) (news.Quality, error) {
	q := news.Quality{Rules: r.Rules()}
	texts, err := readSet(tag.Labelled(), eval.ReadTexts)
	if err != nil {
		return q, err
	}
	claims, err := readSet(claim.Labelled(), eval.ReadClaims)
	if err != nil {
		return q, err
	}
	events, err := eval.ReadEvents(matching.Labelled())
	if err != nil {
		return q, fmt.Errorf("labelled events: %w", err)
	}
	unseen, err := judgeUnseen(r, claim.Fresh())
	if err != nil {
		return q, fmt.Errorf("fresh texts: %w", err)
	}
	held, err := fs.Sub(claim.Articles(), "articles")
	if err != nil {
		return q, err
	}
	articles, err := JudgeArticles(r, "held", held)
	if err != nil {
		return q, err
	}
	q.Sets = append(judgeTexts(r, texts), unseen, judgeClaims(r, claims), articles, judgeEvents(r, events))
	return q, addFirstRuns(q.Sets)
}

// addFirstRuns puts beside the figures of today what the rules made of each batch
// of texts when they first saw it.
func addFirstRuns(sets []news.QualitySet) error {
	runs, err := readFirstRuns(tag.Labelled(), "first-runs.tsv")
	if err != nil {
		return err
	}
	for _, run := range runs {
		for i := range sets {
			switch key := strings.ReplaceAll(run.Batch, "-", " "); {
			case sets[i].ID == run.Question:
				sets[i].Figures = append(sets[i].Figures, figureOf("first run", key, run.Score))
			case sets[i].ID == "companies" && run.Question == ambiguousNames:
				sets[i].Figures = append(sets[i].Figures, figureOf("first run", key+", "+ambiguousNames, run.Score))
			}
		}
	}
	return nil
}

// ambiguousNames is the part of the companies that tag.Ambiguous lists.
const ambiguousNames = "names that are also words"

// readSet reads every file of a labelled set. A file begins with the language
// of its texts ("it.txt", "it-news.txt"); a line may say otherwise.
func readSet[T any](files fs.FS, read func(io.Reader, string) ([]T, error)) ([]T, error) {
	names, err := fs.Glob(files, "*.txt")
	if err != nil {
		return nil, err
	}
	var all []T
	for _, name := range names {
		f, err := files.Open(name)
		if err != nil {
			return nil, err
		}
		language, _, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".txt"), "-")
		texts, err := read(f, language)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("labelled texts %s: %w", name, err)
		}
		all = append(all, texts...)
	}
	return all, nil
}

// ours says who labelled the texts of the program itself, and what that means.
const ours = "written and labelled for clusterwire by those who wrote the rules, so the rules know these texts: take the figures as an upper bound, and those of a first run, where one was noted, as what new texts can expect"

// judgeTexts asks of each text its verdict, companies, topics and language.
func judgeTexts(r *Reader, texts []eval.LabelledText) []news.QualitySet {
	var verdict, companies, topics, languages, companiesIn eval.Tally
	negative, withTopics, noTopic, noCompany := 0, 0, 0, 0
	for _, l := range texts {
		reading := r.Read(l.Text)
		in := l.Text.Language
		verdict.Count(in, eval.Binary(l.Relevant, reading.Verdict.Relevant))
		languages.Add([]string{in}, nonEmpty(lang.Of(l.Text.Title+"\n"+l.Text.Body)))
		var got []string
		for _, m := range reading.Mentions {
			got = append(got, m.Company)
		}
		missing, extra := companies.Add(l.Companies, got)
		companiesIn.Count(in, eval.Score{TP: len(l.Companies) - len(missing), FP: len(extra), FN: len(missing)})
		negative += count(!l.Relevant)
		noCompany += count(len(l.Companies) == 0)
		if l.Topics != nil {
			withTopics++
			noTopic += count(len(l.Topics) == 0)
			topics.Add(l.Topics, topicNames(reading.Topics))
		}
	}
	named := newSet("companies", "Which companies does the text name?", ours, len(texts), noCompany, companies.Micro())
	named.Figures = append(named.Figures, figureOf("part", ambiguousNames, companies.Of(tag.Ambiguous()...)))
	named.Figures = append(append(named.Figures, figuresBy("language", &companiesIn)...), figuresBy("company", &companies)...)
	about := newSet("verdict", "Is the text about AI infrastructure?", ours, len(texts), negative, verdict.Micro())
	about.Figures = append(about.Figures, figuresBy("language", &verdict)...)
	of := newSet("topics", "Which topics is the text about?", ours, withTopics, noTopic, topics.Micro())
	of.Figures = append(of.Figures, figuresBy("topic", &topics)...)
	in := newSet("languages", "In which language is the text, where nothing declares one?", ours, len(texts), 0, languages.Micro())
	in.Figures = append(in.Figures, figuresBy("language", &languages)...)
	return []news.QualitySet{about, named, of, in}
}

// judgeClaims asks of each text its claims about clusters.
func judgeClaims(r *Reader, texts []eval.LabelledClaims) news.QualitySet {
	var tally eval.ClaimTally
	negative := 0
	for _, l := range texts {
		tally.Add(l, r.Read(l.Text).Claims)
		negative += count(len(l.Claims) == 0)
	}
	set := newSet("claims", "What does the text claim about clusters: metric, value, and chip or currency?", ours, len(texts), negative, tally.Micro())
	for _, m := range news.Metrics() {
		if s, asked := tally.ByMetric[m]; asked {
			set.Figures = append(set.Figures, figureOf("metric", string(m), s))
		}
	}
	for _, l := range slices.Sorted(maps.Keys(tally.ByLanguage)) {
		set.Figures = append(set.Figures, figureOf("language", l, tally.ByLanguage[l]))
	}
	right, all := tally.Modality.Counts()
	set.Figures = append(set.Figures, figureOf("part", "running, planned, rumored or denied told apart", eval.Score{TP: right, FP: all - right, FN: all - right}))
	return set
}

// judgeEvents asks which articles report one event.
func judgeEvents(r *Reader, articles []eval.LabelledArticle) news.QualitySet {
	var want []string
	var features []matching.Features
	for _, a := range articles {
		want = append(want, a.Event)
		features = append(features, r.stories.Featurize(a.Text, r.Read(a.Text)))
	}
	return grouping("events", "Which articles report one event (B-cubed)?", ours, want, r.stories.Group(features))
}

// grouping scores stories by B-cubed, and by the pairs that they put together.
func grouping(id, question, labels string, want []string, groups []matching.Grouped) news.QualitySet {
	got := make([]int, len(groups))
	for i, g := range groups {
		got[i] = g.Story
	}
	p, rec, f1 := eval.BCubed(want, got)
	return news.QualitySet{ID: id, Question: question, Labels: labels, Texts: len(want), Figures: []news.QualityFigure{
		{By: "all", Precision: digits(p), Recall: digits(rec), F1: digits(f1)},
		figureOf("part", "pairs of articles", eval.Pairs(want, got))}}
}

func topicNames(tags []news.TopicTag) []string {
	var out []string
	for _, t := range tags {
		out = append(out, string(t.Topic))
	}
	return out
}

func newSet(id, question, labels string, texts, negative int, all eval.Score) news.QualitySet {
	return news.QualitySet{ID: id, Question: question, Labels: labels, Texts: texts, Negative: negative,
		Figures: []news.QualityFigure{figureOf("all", "", all)}}
}

func figuresBy(by string, t *eval.Tally) []news.QualityFigure {
	var out []news.QualityFigure
	for _, key := range t.Keys() {
		out = append(out, figureOf(by, key, t.Of(key)))
	}
	return out
}

func figureOf(by, key string, s eval.Score) news.QualityFigure {
	return news.QualityFigure{By: by, Key: key, Precision: digits(s.Precision()), Recall: digits(s.Recall()), F1: digits(s.F1()),
		Right: s.TP, Wrong: s.FP, Missed: s.FN}
}

// digits rounds to four.
func digits(v float64) float64 { return math.Round(v*1e4) / 1e4 }

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
