package clean

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode/utf32"
)

// encoded writes text in the named encoding.
func encoded(t testing.TB, name, text string) []byte {
	t.Helper()
	enc, err := htmlindex.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	out, err := enc.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// samples are sentences of the length of a short feed item.
var samples = map[string]string{
	"gb18030":      "新的数据中心将在明年建成，公司表示这里会安装十万块芯片。",
	"big5":         "新的資料中心將在明年建成，公司表示這裡會安裝十萬塊晶片。",
	"shift_jis":    "新しいデータセンターは来年に完成し、会社は十万個のチップを導入すると述べた。",
	"euc-jp":       "新しいデータセンターは来年に完成し、会社は十万個のチップを導入すると述べた。",
	"iso-2022-jp":  "新しいデータセンターは来年に完成し、会社は十万個のチップを導入すると述べた。",
	"euc-kr":       "새로운 데이터센터는 내년에 완공되며 회사는 칩 십만 개를 설치한다고 밝혔다.",
	"windows-1251": "Новый центр обработки данных будет построен в следующем году, сообщает компания.",
	"koi8-r":       "Новый центр обработки данных будет построен в следующем году, сообщает компания.",
	"windows-1252": "Das neue Rechenzentrum für KI wird nächstes Jahr eröffnet – „größer“ als je zuvor, naïve café.",
	"utf-8":        "Das neue Rechenzentrum für KI – 数据中心.",
	"utf-16le":     "A plain title with é and 中.",
	"utf-16be":     "A plain title with é and 中.",
}

func TestUTF8Undeclared(t *testing.T) {
	for name, text := range samples {
		raw := []byte("<rss><title>" + text + "</title></rss>")
		if name != "gb18030" && name != "utf-8" {
			raw = encoded(t, name, string(raw))
		} else if name == "gb18030" {
			raw = encoded(t, "gbk", string(raw))
		}
		got, charset := UTF8(raw, "text/xml")
		if charset != name || !strings.Contains(string(got), text) {
			t.Errorf("%s read as %s: %q", name, charset, got)
		}
	}
}

// TestUTF8WesternIsNotGuessedAway reads Western texts without a declaration,
// whose accents a careless detector takes for Chinese or Russian.
func TestUTF8WesternIsNotGuessedAway(t *testing.T) {
	for _, text := range []string{
		"Größere Rechenzentren für künstliche Intelligenz benötigen über 100 Megawatt, erklärte das Unternehmen am Dienstag in München.",
		"L’entreprise a annoncé la création d’un centre de données près de Lyon, où l’énergie coûte moins cher qu’à Paris.",
		"La compañía construirá más centros de datos en Aragón el próximo año, según informó ayer el señor Muñoz.",
		"Företaget bygger en större anläggning på västkusten nästa år, säger Åsa Öberg. Där räcker elen åt många.",
		"A construção começará em São Paulo; não há previsão para a conclusão das obras, disse João Conceição.",
		"Fyrirtækið ætlar að byggja gagnaver á Íslandi þar sem orkan er ódýr, að sögn Þórðar Ólafssonar.",
		"“Quoted” – it’s a 5 € café… naïve coöperation",
		"ÜBER GRÖSSE ÄRGERN SICH ÖSTERREICHS ÄMTER",
		"é", "Ça va?", "£5m", "©2026",
	} {
		got, charset := UTF8(encoded(t, "windows-1252", text), "text/html")
		if charset != "windows-1252" || string(got) != text {
			t.Errorf("%q was read as %s: %q", text, charset, got)
		}
	}
}

func TestUTF8Declared(t *testing.T) {
	xml := func(charset string) string { return `<?xml version="1.0" encoding="` + charset + `"?><t>` }
	for _, c := range []struct {
		name              string
		body              []byte
		contentType       string
		want, wantCharset string
	}{
		{"header", encoded(t, "koi8-r", "<t>да"), "text/xml; charset=koi8-r", "<t>да", "koi8-r"},
		{"header over declaration", encoded(t, "koi8-r", xml("windows-1251")+"да"), "text/xml; charset=KOI8-R", xml("windows-1251") + "да", "koi8-r"},
		{"declaration", encoded(t, "iso-8859-2", xml("iso-8859-2")+"łódź"), "text/xml", xml("iso-8859-2") + "łódź", "iso-8859-2"},
		{"unknown header", encoded(t, "iso-8859-2", xml("iso-8859-2")+"łódź"), "text/xml; charset=none", xml("iso-8859-2") + "łódź", "iso-8859-2"},
		{"gb2312 is gb18030", encoded(t, "gbk", xml("gb2312")+"镕"), "", xml("gb2312") + "镕", "gb18030"},
		{"meta", encoded(t, "euc-kr", `<meta charset="euc-kr">한국`), "text/html", `<meta charset="euc-kr">한국`, "euc-kr"},
		{"latin header over UTF-8", []byte("<t>größer</t>"), "text/xml; charset=iso-8859-1", "<t>größer</t>", "utf-8"},
		{"UTF-8 declared over latin", []byte(xml("utf-8") + "caf\xe9 na\xefve"), "", xml("utf-8") + "café naïve", "windows-1252"},
		{"UTF-8 with stray bytes", []byte("größer, größer \x93quoted\x94 größer"), "text/xml; charset=utf-8", "größer, größer “quoted” größer", "utf-8"},
		{"C1 as windows-1252", []byte("it\u0092s"), "", "it’s", "utf-8"},
		{"latin-1 is windows-1252", []byte("it\x92s"), "text/xml; charset=iso-8859-1", "it’s", "windows-1252"},
		{"byte order mark", []byte("\xef\xbb\xbf<t>é"), "text/xml; charset=koi8-r", "<t>é", "utf-8"},
		{"mark in the middle", []byte("<t>a\ufeffb"), "", "<t>ab", "utf-8"},
		{"controls", []byte("a\x00b\x08c\x1f\td\n"), "", "abc\td\n", "utf-8"},
		{"declared UTF-16 in ASCII", []byte(xml("utf-16") + "é"), "", xml("utf-16") + "é", "utf-8"},
		{"UTF-16 cut short", append(encoded(t, "utf-16le", "<t>é"), 'x'), "", "<t>é\ufffd", "utf-16le"},
		{"late declaration", encoded(t, "iso-8859-2", strings.Repeat(" ", 1500)+`<meta charset=iso-8859-2>łódź`), "", strings.Repeat(" ", 1500) + `<meta charset=iso-8859-2>łódź`, "iso-8859-2"},
		{"overlong", []byte("größer größer \xc0\xaf"), "", "größer größer À¯", "utf-8"},
		{"empty", nil, "", "", "utf-8"},
	} {
		got, charset := UTF8(c.body, c.contentType)
		if string(got) != c.want || charset != c.wantCharset {
			t.Errorf("%s: %q in %s, want %q in %s", c.name, got, charset, c.want, c.wantCharset)
		}
	}
}

func TestUTF32(t *testing.T) {
	for name, enc := range map[string]func() ([]byte, error){
		"utf-32le": func() ([]byte, error) {
			return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM).NewEncoder().Bytes([]byte("<t>é中"))
		},
		"utf-32be": func() ([]byte, error) {
			return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM).NewEncoder().Bytes([]byte("<t>é中"))
		},
	} {
		raw, err := enc()
		if err != nil {
			t.Fatal(err)
		}
		if got, charset := UTF8(raw, ""); string(got) != "<t>é中" || charset != name {
			t.Errorf("%s: %q in %s", name, got, charset)
		}
	}
}

func FuzzUTF8(f *testing.F) {
	for _, text := range samples {
		f.Add([]byte(text), "text/xml; charset=utf-8")
	}
	f.Add([]byte("\xff\xfe<\x00"), "")
	f.Add([]byte("\xc3"), "text/xml; charset=big5")
	f.Add([]byte("<?xml encoding='shift_jis'?>\x81"), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text, charset := UTF8(body, contentType)
		if !utf8.Valid(text) || charset == "" {
			t.Errorf("%q in %q: not valid UTF-8", body, charset)
		}
		if bytes.ContainsFunc(text, func(r rune) bool { return legalRune(r) != r }) {
			t.Errorf("%q: illegal characters left in %q", body, text)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, d := range dates {
		f.Add(d.written)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := Date(s)
		if !ok {
			return
		}
		if _, err := got.MarshalJSON(); err != nil || got.Year() < minYear-1 {
			t.Errorf("Date(%q) = %v: %v", s, got, err)
		}
	})
}

// TestUTF8OddBytes reads what is almost UTF-8: what stands around an odd byte
// is kept, and what comes out is valid and legal.
func TestUTF8OddBytes(t *testing.T) {
	good := strings.Repeat("größer – 数据 ", 40)
	for name, odd := range map[string]string{
		"overlong slash": "\xc0\xaf", "overlong of three": "\xe0\x80\xaf", "overlong NUL": "\xc0\x80", "of five bytes": "\xf8\x88\x80\x80\x80",
		"beyond Unicode": "\xf4\x90\x80\x80", "high surrogate": "\xed\xa0\x80", "surrogate pair": "\xed\xa0\xbd\xed\xb8\x80", "lone continuation": "\x80\x81",
		"cut sequence": "\xe6\x95", "byte order mark": "\xef\xbb\xbf", "NUL": "\x00", "controls": "\x01\x02\x08\x0b\x0c\x0e\x1f\x7f", "not characters": "\xef\xbf\xbe\xef\xbf\xbf",
		"C1 controls": "\u0085\u0093\u009f",
	} {
		got, charset := UTF8([]byte("<t>"+good+"before"+odd+"after"+good+"</t>"), "text/xml; charset=utf-8")
		text := string(got)
		if charset != "utf-8" || !utf8.ValidString(text) || strings.Count(text, good) != 2 || !strings.Contains(text, "before") || !strings.Contains(text, "after") {
			t.Errorf("%s: read as %s: %.80q", name, charset, text)
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return legalRune(r) != r }); i >= 0 {
			t.Errorf("%s: an illegal character is left: %q", name, text[i:i+4])
		}
	}
	late := "<html><head>" + strings.Repeat("<meta name=x content=y>", 100) + "<meta charset=windows-1251><title>Новости</title>"
	if got, charset := UTF8(encoded(t, "windows-1251", late), "text/html"); charset != "windows-1251" || !strings.Contains(string(got), "Новости") {
		t.Errorf("declared behind byte 1024: read as %s", charset)
	}
}
