package lang

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		want, text string
		declared   []string
	}{
		{"it", "La metà dei data center italiani è a Milano", nil},
		{"de", "Quartalszahlen: Nvidia wächst weiter", nil},
		{"fr", "Le supercalculateur de Mistral ouvrira à Bruyères-le-Châtel", nil},
		{"es", "Los vecinos de Talavera protestan contra el centro de datos", nil},
		{"pt", "Moradores temem falta de água com novo data center", nil},
		{"nl", "Omwonenden willen geen datacenter in de polder", nil},
		{"sv", "Microsoft bygger tre nya datahallar utanför Gävle", nil},
		{"pl", "Microsoft zainwestuje w centrum danych pod Warszawą", nil},
		{"sk", "Vláda schválila stavbu dátového centra pri Žiline", nil},
		{"vi", "Việt Nam xây trung tâm dữ liệu mới", nil},
		{"en", "Nvidia GB200 NVL72", nil},
		{"en", "v2.1.237", nil},
		{"en", "Java's Cover", nil},
		{"zh", "微软CEO纳德拉谈AI", nil},
		{"zh", "OpenAI 发布 GPT-5", []string{"en"}},
		{"ja", "NVIDIAのGPUを1万枚", []string{"zh"}},
		{"ko", "삼성전자, HBM4 양산", nil},
		{"ru", "Яндекс построит дата-центр", []string{"en"}},
		{"uk", "Харків отримає новий центр обробки даних і їх захист", nil},
		{"ur", "گوگل نے نیا ڈیٹا سینٹر بنایا ہے", nil},
		{"ar", "غوغل تبني مركز بيانات جديدا", nil},
		// A declaration decides what the words leave open …
		{"nl", "Audacity 3.7.1", []string{"nl-NL"}},
		{"de", "Introducing Stargate", []string{"de"}},
		{"en", "42", []string{"en_US"}},
		// … but not what they contradict.
		{"it", "Il governo vuole nuove centrali nucleari per i data center della Lombardia", []string{"en-us"}},
		{"zh", "苹果发布新款手机", []string{"ja", "zh-Hans"}},
		{"", "2026 — 42 %", nil},
		{"", "", nil},
	} {
		if got := Of(c.text, c.declared...); got != c.want {
			t.Errorf("Of(%q, %q) = %q, want %q", c.text, c.declared, got, c.want)
		}
	}
}

func TestPrimary(t *testing.T) {
	for tag, want := range map[string]string{"en-US": "en", "zh_CN": "zh", " DE ": "de", "x": "", "english": "",
		"und": "", "jp": "ja", "nb-NO": "no", "e1": "", "": ""} {
		if got := Primary(tag); got != want {
			t.Errorf("Primary(%q) = %q, want %q", tag, got, want)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add("La metà", "en")
	f.Add("\xff\xfe微", "zz")
	f.Fuzz(func(t *testing.T, text, declared string) { Of(text, declared) })
}

func BenchmarkOf(b *testing.B) {
	for b.Loop() {
		Of("Anwohner wehren sich gegen das geplante Rechenzentrum von Microsoft in Elsdorf")
	}
}

func BenchmarkOfArticle(b *testing.B) {
	text := strings.Repeat("The campus near Abilene will draw 1.2 gigawatts, and residents told the commission that wells run low. ", 25)
	for b.Loop() {
		Of(text)
	}
}
