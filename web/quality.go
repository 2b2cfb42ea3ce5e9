package web

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"clusterwire/feeds/news"
)

// qualityPage is the struct of templates/quality.html.
type qualityPage struct {
	frame
	Rules string
	Sets  []qualitySet
}

// qualitySet is one labelled set as the page shows it: the figures that a
// reader asks for first, and those of each company, language or topic folded.
type qualitySet struct {
	ID       string
	Question string
	Labels   string
	Size     string
	Main     []qualityRow
	Tables   []qualityTable
}

// qualityTable are the figures of a set by one kind of key.
type qualityTable struct {
	By   string // heading of the first column
	Rows []qualityRow
}

// qualityRow is one figure in words.
type qualityRow struct {
	Of                    link
	Precision, Recall, F1 string
	Counts                string
}

func (s *site) qualityPage(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	page := qualityPage{frame: s.frame(r, st, "How right are we?", "/quality"), Rules: s.quality.Rules}
	page.Section = "/quality"
	page.Description = "How right clusterwire reads the news: precision, recall and F1 of companies, topics and figures, measured on labelled texts."
	for _, set := range s.quality.Sets {
		page.Sets = append(page.Sets, st.qualitySet(set))
	}
	return s.page("quality", page)
}

func (st *stand) qualitySet(q news.QualitySet) qualitySet {
	out := qualitySet{ID: q.ID, Question: q.Question, Labels: q.Labels, Size: plural(q.Texts, "text", "texts")}
	if q.Negative > 0 {
		out.Size += ", to " + thousands(q.Negative) + " of which nothing is the right answer"
	}
	for _, f := range q.Figures {
		row := st.qualityRow(f)
		if f.By == "all" || f.By == "part" {
			out.Main = append(out.Main, row)
			continue
		}
		i := slices.IndexFunc(out.Tables, func(t qualityTable) bool { return t.By == f.By })
		if i < 0 {
			i = len(out.Tables)
			out.Tables = append(out.Tables, qualityTable{By: f.By})
		}
		out.Tables[i].Rows = append(out.Tables[i].Rows, row)
	}
	return out
}

func (st *stand) qualityRow(f news.QualityFigure) qualityRow {
	row := qualityRow{Of: link{Text: f.Key}, Precision: percent(f.Precision), Recall: percent(f.Recall), F1: percent(f.F1)}
	switch f.By {
	case "all":
		row.Of.Text = "All of it"
	case "company":
		row.Of = st.org(f.Key)
	case "topic":
		row.Of = link{topicPath(news.Topic(f.Key)), f.Key}
	case "language":
		row.Of.Text = languageName(f.Key)
	case "metric":
		row.Of.Text = metricName(news.Metric(f.Key))
	case "part":
		row.Of.Text = strings.ToUpper(f.Key[:min(1, len(f.Key))]) + f.Key[min(1, len(f.Key)):]
	}
	if n := f.Right + f.Wrong + f.Missed; n > 0 {
		row.Counts = thousands(f.Right) + " right, " + thousands(f.Wrong) + " wrong, " + thousands(f.Missed) + " missed"
	}
	return row
}

// apiQuality answers /quality: the figures as they were measured.
func (s *site) apiQuality(*http.Request) (reply, error) {
	q := s.quality
	q.Sets = full(q.Sets)
	return s.jsonReply(q, nil)
}

// percent writes a share: 0.9253 is 92.5 %. What is not quite all never reads
// as all.
func percent(v float64) string {
	if v >= 1 {
		return "100 %"
	}
	return strconv.FormatFloat(math.Floor(v*1000)/10, 'f', 1, 64) + " %"
}
