package web

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"clusterwire/feeds/news"
)

func TestDecodeQuery(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		in   string
		want news.Query
	}{
		{"", news.Query{}},
		{"q=+gas+turbines+", news.Query{Text: "gas turbines"}},
		{"company=xai,meta&company=xai", news.Query{Companies: []string{"xai", "meta"}}},
		{"company=&source=", news.Query{}},
		{"lang=EN&language=de", news.Query{Languages: []string{"en", "de"}}},
		{"country=us", news.Query{Countries: []string{"US"}}},
		{"topic=power&kind=dc-trade", news.Query{Topics: []news.Topic{news.TopicPower}, Kinds: []news.SourceKind{news.KindDCTrade}}},
		{"since=2024-09-02T14:00:00%2B02:00", news.Query{Since: day(2024, 9, 2).Add(12 * time.Hour)}},
		{"since=2024-09-02T14:00:00+02:00", news.Query{Since: day(2024, 9, 2).Add(12 * time.Hour)}},
		{"from=2024-09-02&to=2024-09-02", news.Query{Since: day(2024, 9, 2), Until: day(2024, 9, 3)}},
		{"since=2024-09&until=2024-12", news.Query{Since: day(2024, 9, 1), Until: day(2025, 1, 1)}},
		{"since=2024&until=2024", news.Query{Since: day(2024, 1, 1), Until: day(2025, 1, 1)}},
		{"sort=relevance&limit=7&cursor=abc", news.Query{Order: news.OrderRelevance, Limit: 7, Cursor: "abc"}},
	} {
		values, err := url.ParseQuery(c.in)
		if err != nil {
			t.Fatal(err)
		}
		if c.want.Limit == 0 {
			c.want.Limit = defaultLimit
		}
		if got, err := decodeQuery(values); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q:\n got %+v, %v\nwant %+v", c.in, got, err, c.want)
		}
	}
}

func TestDecodeQueryRefuses(t *testing.T) {
	for _, c := range []struct{ in, field string }{
		{"limit=0", "limit"}, {"limit=201", "limit"}, {"limit=ten", "limit"}, {"limit=-1", "limit"},
		{"since=yesterday", "since"}, {"from=2024-13-01", "from"}, {"until=99999-01-01", "until"}, {"to=x", "to"},
		{"since=2025&until=2024", "until"}, {"from=2025-01-02&to=2025-01-01", "to"},
		{"sort=best", "sort"}, {"topic=cats", "topic"}, {"kind=blog", "kind"},
		{"q=" + strings.Repeat("a", longestQuery+1), "q"},
	} {
		values, err := url.ParseQuery(c.in)
		if err != nil {
			t.Fatal(err)
		}
		_, err = decodeQuery(values)
		var bad *news.BadInputError
		if !errors.As(err, &bad) || bad.Field != c.field {
			t.Errorf("%.40q: %v, want an error about %s", c.in, err, c.field)
		}
	}
}

func TestStrict(t *testing.T) {
	known := append(filterParams(), pageParams()...)
	for _, c := range []struct{ in, field string }{
		{"q=a&company=b&company=c&limit=2", ""},
		{"compny=xai", "compny"},
		{"limit=1&limit=2", "limit"},
		{"utm_source=x", "utm_source"},
		{"language=de", ""},
	} {
		values, _ := url.ParseQuery(c.in)
		err := strict(values, known)
		var bad *news.BadInputError
		if c.field == "" && err != nil || c.field != "" && (!errors.As(err, &bad) || bad.Field != c.field) {
			t.Errorf("%q: %v, want an error about %q", c.in, err, c.field)
		}
	}
}

func TestCanonical(t *testing.T) {
	values, _ := url.ParseQuery("q=a&company=&from=2024-01-01&cursor=zzz&utm=1&language=de")
	if got, want := canonical(values).Encode(), "lang=de&q=a&since=2024-01-01"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
