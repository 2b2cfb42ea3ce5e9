package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"clusterwire/feeds/news"
)

// clusterJSON is a cluster of the registry.
type clusterJSON struct {
	Slug     string     `json:"slug"`
	Name     string     `json:"name"`
	Aliases  []string   `json:"aliases"`
	Operator string     `json:"operator"`
	Owner    string     `json:"owner"`
	Place    string     `json:"place"`
	Country  string     `json:"country"`
	Note     string     `json:"note"`
	Page     string     `json:"page"`
	Facts    []factJSON `json:"facts"`
}

// factJSON is a figure after weighing what was said.
type factJSON struct {
	ID         string        `json:"id"`
	Cluster    string        `json:"cluster"`
	Metric     string        `json:"metric"`
	Basis      string        `json:"basis"`
	Chip       string        `json:"chip"`
	Currency   string        `json:"currency"`
	Phase      string        `json:"phase"`
	Best       statementJSON `json:"best"`
	Rule       string        `json:"rule"`
	Statements int           `json:"statements"`
	Dispute    *disputeJSON  `json:"dispute"`
}

// disputeJSON is a disagreement: from lo to hi, null for dates and places.
type disputeJSON struct {
	Lo         *float64        `json:"lo"`
	Hi         *float64        `json:"hi"`
	Statements []statementJSON `json:"statements"`
}

// claimJSON is a claim with every field of it: null is what nobody stated.
type claimJSON struct {
	Metric    string   `json:"metric"`
	ValueLo   *float64 `json:"value_lo"`
	ValueHi   *float64 `json:"value_hi"`
	ValueText *string  `json:"value_text"`
	Qualifier string   `json:"qualifier"`
	Unit      string   `json:"unit"`
	Currency  *string  `json:"currency"`
	Chip      *string  `json:"chip"`
	Basis     *string  `json:"basis"`
	Modality  *string  `json:"modality"`
	Cluster   *string  `json:"cluster"`
	Phase     *string  `json:"phase"`
	Org       *string  `json:"org"`
	OrgRole   *string  `json:"org_role"`
	Speaker   *string  `json:"speaker"`
	Date      *string  `json:"date"`
	Method    *string  `json:"method"`
	Start     int      `json:"start"`
	End       int      `json:"end"`
	Quote     string   `json:"quote"`
	In        *string  `json:"in"`
}

func claimWire(c news.Claim) claimJSON {
	return claimJSON{
		Metric: string(c.Metric), ValueLo: c.ValueLo, ValueHi: c.ValueHi, ValueText: textOf(c.ValueText), Qualifier: string(c.Qualifier), Unit: c.Unit,
		Currency: textOf(c.Currency), Chip: textOf(c.Chip), Basis: textOf(string(c.Basis)), Modality: textOf(string(c.Modality)),
		Cluster: textOf(c.Cluster), Phase: textOf(c.Phase), Org: textOf(c.Org), OrgRole: textOf(string(c.OrgRole)), Speaker: textOf(c.Speaker),
		Date: textOf(c.Date), Method: textOf(c.Method), Start: c.Start, End: c.End, Quote: c.Quote, In: textOf(c.In),
	}
}

func claimsWire(claims []news.Claim) []claimJSON {
	out := make([]claimJSON, len(claims))
	for i, c := range claims {
		out[i] = claimWire(c)
	}
	return out
}

// statementJSON is a claim with where it stands.
type statementJSON struct {
	ID string `json:"id"`
	claimJSON
	Article   *string       `json:"article"`
	Title     string        `json:"title"`
	URL       string        `json:"url"`
	Source    sourceRefJSON `json:"source"`
	Language  string        `json:"language"`
	Published *time.Time    `json:"published"`
	Withdrawn *time.Time    `json:"withdrawn"`
}

func (st *stand) statementJSON(s news.Statement) statementJSON {
	out := statementJSON{ID: strconv.FormatInt(s.Claim.ID, 10), claimJSON: claimWire(s.Claim), Title: s.Title, URL: s.URL, Source: sourceRefJSON{s.Source.Slug, st.named(s.Source)},
		Language: s.Language, Published: timeOf(s.Published), Withdrawn: timeOf(s.Withdrawn)}
	if s.Article != 0 {
		out.Article = textOf(strconv.FormatInt(s.Article, 10))
	}
	return out
}

func (st *stand) factJSON(f fact) factJSON {
	out := factJSON{ID: f.id(), Cluster: f.Cluster, Metric: string(f.Metric), Basis: string(f.Basis), Chip: f.Chip, Currency: f.Currency, Phase: f.Phase,
		Best: st.statementJSON(f.Best), Rule: f.Rule, Statements: f.Said}
	if f.Dispute != nil {
		out.Dispute = &disputeJSON{}
		if f.Best.Claim.ValueLo != nil {
			out.Dispute.Lo, out.Dispute.Hi = &f.Dispute.Lo, &f.Dispute.Hi
		}
		for _, s := range f.Dispute.Statements {
			out.Dispute.Statements = append(out.Dispute.Statements, st.statementJSON(s))
		}
	}
	return out
}

func (st *stand) clusterJSON(c news.Cluster, facts []fact, base string) clusterJSON {
	out := clusterJSON{Slug: c.Slug, Name: c.Name, Aliases: full(c.Aliases), Operator: c.Operator, Owner: c.Owner, Place: c.Place,
		Country: c.Country, Note: c.Note, Page: base + clusterPath(c.Slug), Facts: []factJSON{}}
	for _, f := range facts {
		out.Facts = append(out.Facts, st.factJSON(f))
	}
	return out
}

// tableFormats are the formats of a list that is not of articles.
func tableFormats() []format { return []format{formatJSON, formatCSV, formatNDJSON} }

// whole is a list that is not paged.
func whole[T any](items []T) listJSON[T] { return listOf(items, news.Results{Total: len(items)}) }

// table writes a list that is not of articles, in the formats that it has.
func table[T any](f format, modified time.Time, list listJSON[T], head []string, rows [][]string) (reply, error) {
	rep := reply{contentType: f.mime, modified: modified}
	var err error
	switch f.suffix {
	case formatJSON.suffix:
		rep.body, err = marshal(list)
	case formatNDJSON.suffix:
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		for _, item := range list.Items {
			if err := enc.Encode(item); err != nil {
				return reply{}, err
			}
		}
		rep.body = buf.Bytes()
	case formatCSV.suffix:
		var buf bytes.Buffer
		w := newCSV(&buf)
		err = w.WriteAll(append([][]string{head}, rows...))
		rep.body = buf.Bytes()
	default:
		return reply{}, errNoFormat
	}
	return rep, err
}

func (s *site) clusterTable(r *http.Request, st *stand, facts []fact, f format) (reply, error) {
	filter, err := decodeLeague(r.URL.Query())
	if err != nil {
		return reply{}, err
	}
	heaps := byCluster(facts)
	items, rows := []clusterJSON{}, [][]string{}
	for _, c := range st.ordered(facts, filter) {
		items = append(items, st.clusterJSON(c, heaps[c.Slug], s.base(r)))
		chips, power := st.stagesOf(heaps[c.Slug], news.MetricChips), st.stagesOf(heaps[c.Slug], news.MetricPower)
		rows = append(rows, cells(c.Slug, c.Name, c.Operator, c.Owner, c.Place, c.Country, chips.Live.Value, chips.Planned.Value, power.Live.Value, power.Planned.Value, st.greatest(heaps[c.Slug], news.MetricCost, stated).Value))
	}
	head := []string{"slug", "name", "operator", "owner", "place", "country", "chips_operational", "chips_planned", "power_operational", "power_planned", "cost"}
	return table(f, st.Stats.Changed, whole(items), head, rows)
}

func (s *site) disputeTable(st *stand, open []fact, as format) (reply, error) {
	items, rows := []factJSON{}, [][]string{}
	for _, f := range open {
		items = append(items, st.factJSON(f))
		for _, sm := range f.Dispute.Statements {
			rows = append(rows, cells(f.id(), f.Cluster, string(f.Metric), string(f.Basis), f.Chip, valueOf(sm.Claim), string(sm.Claim.Modality), sm.Claim.Date, sm.Source.Slug, sm.URL, sm.Claim.Quote))
		}
	}
	head := []string{"id", "cluster", "metric", "basis", "chip", "value", "modality", "date", "source", "url", "quote"}
	return table(as, st.Stats.Changed, whole(items), head, rows)
}

func (s *site) companyTable(r *http.Request, st *stand, f format) (reply, error) {
	items, rows := []companyJSON{}, [][]string{}
	for _, c := range st.Companies {
		w := companyWire(c, s.base(r))
		items = append(items, w)
		rows = append(rows, cells(w.Slug, w.Name, w.Country, w.Kind, w.Site, strconv.Itoa(w.Articles), strconv.Itoa(w.Subject), strconv.Itoa(w.Recent), csvTime(w.Newest)))
	}
	head := []string{"slug", "name", "country", "kind", "site", "articles", "subject", "recent", "newest"}
	return table(f, st.Stats.Changed, whole(items), head, rows)
}

func (s *site) sourceTable(all []news.SourceHealth, f format) (reply, error) {
	items, rows := []sourceJSON{}, [][]string{}
	for _, h := range all {
		w := sourceWire(h)
		items = append(items, w)
		var feeds []string
		for _, fd := range w.Feeds {
			feeds = append(feeds, fd.URL)
		}
		rows = append(rows, cells(w.Slug, w.Name, w.Site, w.Kind, w.Language, w.Country, w.State, strconv.Itoa(w.Articles), csvTime(w.Newest), strings.Join(feeds, " ")))
	}
	head := []string{"slug", "name", "site", "kind", "language", "country", "state", "articles", "newest", "feeds"}
	return table(f, time.Time{}, whole(items), head, rows)
}

func topicTable(st *stand, topics []news.Count, f format) (reply, error) {
	items, rows := countsJSON(topics, same), [][]string{}
	for _, c := range items {
		rows = append(rows, cells(c.Key, c.Name, strconv.Itoa(c.N)))
	}
	return table(f, st.Stats.Changed, whole(items), []string{"key", "name", "n"}, rows)
}

func csvTime(t *time.Time) string {
	if t == nil {
		return ""
	}
	return rfc3339(*t)
}
