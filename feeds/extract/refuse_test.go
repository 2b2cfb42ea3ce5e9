package extract

import (
	"strings"
	"testing"
)

// shell wraps the body of a page that is no article as sites wrap it.
func shell(lang, title, head, body string) string {
	return `<!doctype html><html lang="` + lang + `"><head><meta charset="utf-8"><title>` + title + `</title>` + head + `</head><body>` +
		`<header><a href="/">Delta Courier</a><nav><a href="/news">News</a> <a href="/power">Power</a> <a href="/chips">Chips</a></nav></header>` +
		body + `<footer><a href="/imprint">Imprint</a> <a href="/privacy">Privacy</a> © 2026 Delta Courier</footer></body></html>`
}

// stub is an article of which a paywall shows two sentences.
func stub(lang, lede, wall string) string {
	head := `<meta property="og:type" content="article"><script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"` +
		lede[:12] + `","isAccessibleForFree":false}</script>`
	return shell(lang, "Delta Courier", head, `<article><h1>`+lede[:12]+`</h1><p>`+lede+`</p><div class="wall"><p>`+wall+`</p><a href="/abo">OK</a></div></article>`)
}

// TestRefusedInManyLanguages reads pages that are no article, in the words
// that each kind of page has in each language.
func TestRefusedInManyLanguages(t *testing.T) {
	for _, c := range []struct{ name, want, page string }{
		{"Cloudflare", challenge, shell("en", "Just a moment...", `<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>`, `<h1>www.delta.example</h1><p>Verifying you are human. This may take a few seconds.</p>`)},
		{"Cloudflare, de", challenge, shell("de", "Nur einen Moment…", `<script>window._cf_chl_opt={cType:'managed'}</script>`, `<h1>delta.example</h1><p>Es wird geprüft, ob Sie ein Mensch sind. Dies kann einige Sekunden dauern.</p>`)},
		{"Cloudflare, ja", challenge, shell("ja", "しばらくお待ちください...", `<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>`, `<p>あなたが人間であることを確認しています。</p>`)},
		{"Cloudflare, zh", challenge, shell("zh", "请稍候…", `<script>window._cf_chl_opt={}</script>`, `<p>正在验证您是否是真人。这可能需要几秒钟时间。</p>`)},
		{"Cloudflare, blocked", challenge, shell("en", "Attention Required! | Cloudflare", "", `<h1>Sorry, you have been blocked</h1><h2>Why have I been blocked?</h2><p>This website is using a security service. Cloudflare Ray ID: 8d2f00</p>`)},
		{"Anubis", challenge, shell("en", "Making sure you're not a bot!", `<script async type="module" src="/.within.website/x/cmd/anubis/static/js/main.mjs?v=1"></script>`, `<h1>Making sure you're not a bot!</h1><p>Loading...</p><p>Protected by Anubis</p>`)},
		{"Anubis, de", challenge, shell("de", "Es wird geprüft, dass Sie kein Bot sind!", `<script type="module" src="/.within.website/x/cmd/anubis/static/js/main.mjs"></script>`, `<p>Lädt … Protected by Anubis</p><noscript>Bitte JavaScript aktivieren.</noscript>`)},
		{"PerimeterX", challenge, shell("en", "Access to this page has been denied", `<script src="//captcha.px-cloud.net/PX1/captcha.js?a=c"></script>`, `<div id="px-captcha"></div><p>Press &amp; Hold to confirm you are a human (and not a bot). Reference ID 4c1</p>`)},
		{"DataDome", challenge, shell("en", "delta.example", `<script src="https://ct.captcha-delivery.com/c.js"></script>`, `<p>Please enable JS and disable any ad blocker. Verify you are human.</p>`)},
		{"Incapsula", challenge, shell("en", "Pardon Our Interruption", `<script src="/_Incapsula_Resource?SWJIYLWA=1"></script>`, `<p>As you were browsing something about your browser made us think you were a bot.</p>`)},
		{"AWS", challenge, shell("en", "Human Verification", `<script src="https://x.token.awswaf.com/x/challenge.js"></script>`, `<p>Let's confirm you are human. Complete the security check before continuing.</p>`)},
		{"Akamai", challenge, shell("en", "Access Denied", "", `<h1>Access Denied</h1><p>You don't have permission to access this page on this server. Reference #18.2d351ab8.1557333295.a4e16ab</p>`)},
		{"reCAPTCHA, ru", challenge, shell("ru", "Один момент…", `<script src="https://www.google.com/recaptcha/api.js"></script>`, `<p>Подтвердите, что запросы отправляли вы, а не робот.</p>`)},

		{"soft 404, de", soft404, shell("de", "Seite nicht gefunden – Delta Kurier", "", `<h1>Seite nicht gefunden</h1><p>Der Artikel wurde verschoben oder gelöscht.</p>`)},
		{"soft 404, es", soft404, shell("es", "Página no encontrada", "", `<h1>Página no encontrada</h1><p>La noticia que busca ya no está disponible.</p>`)},
		{"soft 404, it", soft404, shell("it", "Pagina non trovata - Corriere Delta", "", `<h1>Oops!</h1><p>La pagina che cerchi non esiste più.</p>`)},
		{"soft 404, pt", soft404, shell("pt", "Página não encontrada", "", `<h1>404</h1><p>O conteúdo foi removido.</p>`)},
		{"soft 404, nl", soft404, shell("nl", "Pagina niet gevonden", "", `<h1>Pagina niet gevonden</h1><p>Probeer de zoekfunctie.</p>`)},
		{"soft 404, sv", soft404, shell("sv", "Sidan kunde inte hittas", "", `<p>Kontrollera adressen.</p>`)},
		{"soft 404, pl", soft404, shell("pl", "Nie znaleziono strony", "", `<p>Sprawdź adres.</p>`)},
		{"soft 404, ru", soft404, shell("ru", "Страница не найдена", "", `<h1>Ошибка 404</h1><p>Проверьте адрес.</p>`)},
		{"soft 404, zh", soft404, shell("zh", "页面不存在", "", `<h1>404</h1><p>您访问的页面不存在或已被删除。</p>`)},
		{"soft 404, ko", soft404, shell("ko", "페이지를 찾을 수 없습니다", "", `<p>주소를 확인해 주세요.</p>`)},
		{"gone", soft404, shell("en", "410 - Gone", "", `<h1>410 Gone</h1><p>This article is no longer available.</p>`)},

		{"consent, de", cookiewall, shell("de", "Datenschutzeinstellungen", "", `<h1>Datenschutzeinstellungen</h1><p>Wir und unsere Partner verwenden Cookies und verarbeiten Daten mit Ihrer Einwilligung. Mit „Akzeptieren“ stimmen Sie zu.</p><button>Akzeptieren</button>`)},
		{"consent, it", cookiewall, shell("it", "Prima di continuare", "", `<h1>Prima di continuare</h1><p>Usiamo i cookie e i dati con il tuo consenso. Noi e i nostri partner chiediamo il consenso.</p>`)},
		{"consent, fr", cookiewall, shell("fr", "Avant de continuer", "", `<h1>Avant de continuer</h1><p>Avec votre consentement, nous et nos partenaires utilisons des cookies.</p>`)},
		{"consent, es", cookiewall, shell("es", "Antes de continuar", "", `<h1>Antes de continuar</h1><p>Nosotros y nuestros socios usamos cookies con su consentimiento. Política de privacidad.</p>`)},
		{"consent, nl", cookiewall, shell("nl", "Cookiewall - Delta Koerier", "", `<h1>Cookies</h1><p>Wij en onze partners vragen toestemming voor cookies. Zonder toestemming geen toegang.</p>`)},

		{"paywall, de", paywall, stub("de", "Der Netzbetreiber hat den Anschluss des Rechenzentrums um ein Jahr verschoben.", "Jetzt abonnieren und weiterlesen mit Delta+")},
		{"paywall, fr", paywall, stub("fr", "Le gestionnaire du réseau a reporté d'un an le raccordement du centre de données.", "La suite est réservée aux abonnés. Déjà abonné ? Connectez-vous.")},
		{"paywall, it", paywall, stub("it", "Il gestore della rete ha rinviato di un anno l'allacciamento del data center.", "Contenuto riservato agli abbonati. Sei già abbonato? Accedi.")},
		{"paywall, es", paywall, stub("es", "El operador de la red ha aplazado un año la conexión del centro de datos.", "Contenido exclusivo para suscriptores. ¿Ya eres suscriptor?")},
		{"paywall, pt", paywall, stub("pt", "O operador da rede adiou por um ano a ligação do data center.", "Conteúdo exclusivo para assinantes. Já é assinante? Faça login.")},
		{"paywall, nl", paywall, stub("nl", "De netbeheerder heeft de aansluiting van het datacenter een jaar uitgesteld.", "Dit artikel is alleen voor abonnees. Word abonnee.")},
		{"paywall, sv", paywall, stub("sv", "Nätbolaget har skjutit upp datahallens anslutning med ett år.", "Artikeln är endast för prenumeranter. Logga in för att läsa.")},
		{"paywall, ja", paywall, stub("ja", "電力会社はデータセンターの接続を一年延期すると発表した。", "この記事は会員限定です。有料会員になると続きをお読みいただけます。")},
		{"paywall, zh", paywall, stub("zh", "电网公司宣布将数据中心的接入推迟一年。", "订阅后阅读全文")},
		{"paywall, ko", paywall, stub("ko", "전력회사는 데이터센터 연결을 1년 미룬다고 밝혔다.", "이 기사는 구독자 전용입니다.")},
	} {
		page, err := readPage([]byte(c.page), Input{URL: "https://delta.example/2026/hall", ContentType: "text/html; charset=utf-8"}, patient)
		if err != nil || page.Refused != c.want {
			t.Errorf("%s: refused as %q, %v, want %q; text %.200q", c.name, page.Refused, err, c.want, page.Text)
		}
	}
}

// TestShortNewsIsKept reads true articles, short ones and such as speak of
// what refused pages say.
func TestShortNewsIsKept(t *testing.T) {
	head := `<meta property="og:type" content="article">`
	for name, body := range map[string]string{
		"a brief":                `<article><h1>Grid link of the hall is late by a year</h1><p>The operator of the grid said on Monday that the link of the second hall will come a year late. The city had asked for it by spring. No reason was given.</p></article>`,
		"a brief in Chinese":     `<article><h1>电网推迟数据中心接入</h1><p>电网公司周一表示，第二座机房的接入将推迟一年。市政府原希望春季完成。公司没有说明原因，并称其他项目不受影响。</p></article>`,
		"about a bot check":      `<article><h1>Cloudflare says "just a moment" to half of the web</h1><p>For two hours on Tuesday readers saw nothing but a page that was verifying that they were human. The company says that a database had run full. ` + strings.Repeat("Engineers put back an older version. ", 4) + `</p></article>`,
		"about a missing page":   `<article><h1>Page not found: ministry removes its list of data centers</h1><p>The ministry has taken its list of data centers off its site; who looks for it finds an error 404. A spokesman said that the list was out of date. ` + strings.Repeat("Researchers keep copies of it. ", 3) + `</p></article>`,
		"about cookies":          `<article><h1>Court: a cookie wall needs a real choice</h1><p>A court in Cologne has ruled that a cookie wall without a choice breaks the law. Consent that is forced is no consent, the judges said, and a partner list of 800 names informs nobody. ` + strings.Repeat("The publisher can appeal. ", 5) + `</p></article>`,
		"about subscribers":      `<article><h1>Newspaper ends its paywall</h1><p>From January all texts of the newspaper will be free. Until now they were reserved for subscribers. ` + strings.Repeat("The publisher hopes for more readers and more advertisements. ", 4) + `</p></article>`,
		"with a subscription ad": `<article><h1>Grid link of the hall is late</h1><p>` + strings.Repeat("The operator of the grid said on Monday that the link of the second hall will come a year late. ", 5) + `</p><aside><p>Become a subscriber to our newsletter</p></aside></article>`,
		"login in the header":    `<form action="/login"><input name="u"><input type="password" name="p"></form><article><h1>Grid link of the hall is late</h1><p>` + strings.Repeat("The operator of the grid said on Monday that the link of the second hall will come a year late. ", 4) + `</p></article>`,
	} {
		page, err := readPage([]byte(shell("en", "Delta Courier", head, body)), Input{URL: "https://delta.example/2026/hall", ContentType: "text/html; charset=utf-8"}, patient)
		if err != nil || page.Refused != "" || page.Text == "" {
			t.Errorf("%s: refused as %q, %v, text %q", name, page.Refused, err, page.Text)
		}
	}
}
