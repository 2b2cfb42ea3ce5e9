package extract

import (
	"net/url"
	"regexp"
	"strings"
)

// The reasons for which a page is no article, see Page.
const (
	challenge  = "challenge"
	cookiewall = "cookiewall"
	paywall    = "paywall"
	soft404    = "soft404"
	login      = "login"
	empty      = "empty"
)

// A wrong refusal loses an article, so every rule but the last needs two
// things: words or marks that name the page for what it is, and too little
// text to be an article of its own.
const (
	briefWords = 150 // over this a page is an article, whatever else it says
	stubWords  = 250 // the same for a page that says that it is behind a paywall
	fewWords   = 40
	noWords    = 8
)

// refuse says why a page is no article, "" if it is one.
func refuse(t *tree, f *facts, art article, base *url.URL) string {
	words := art.words()
	if words >= stubWords {
		return ""
	}
	title := strings.ToLower(f.title + "\n" + strings.Join(f.headings, "\n"))
	visible := t.visible()
	switch {
	case words < briefWords && isChallenge(f, title, visible):
		return challenge
	case words < briefWords && isConsent(f, title, visible, base):
		return cookiewall
	case words < briefWords && !f.declared() && missing.MatchString(title):
		return soft404
	case isStub(f, words, art, visible):
		return paywall
	case f.password && words < fewWords:
		return login
	case words < noWords, words < fewWords && !f.declared() && needsScript.MatchString(visible+strings.ToLower(art.text())):
		return empty
	}
	return ""
}

var (
	challengeTitle = regexp.MustCompile(`just a moment|attention required|checking your browser|making sure you'?re not a bot|` +
		`are you (a robot|human|not a robot)|robot or human|human verification|verify(ing)? (that )?you are (a )?human|security check(point)?|pardon our interruption|` +
		`ddos[- ]guard|ddos protection|client challenge|access (to this page has been )?denied|bot verification|request (blocked|rejected)|` +
		`un momento|einen moment|un instant|un moment|nog even geduld|один момент|请稍候|請稍候|しばらくお待ちください|잠시만 기다`)
	challengeText = regexp.MustCompile(`enable javascript and cookies to continue|checking (if the site connection is secure|your browser before)|` +
		`needs to review the security of your connection|verify(ing)? (that )?you are (a )?human|performance (and|&) security by cloudflare|` +
		`just a moment|protected by anubis|proof[- ]of[- ]work|unusual traffic from your|complete the (captcha|security check)|press (&|and) hold|` +
		`prove (that )?you('re| are) (not a robot|human)|why have i been blocked|ray id|incident id|reference #[0-9a-f.]+`)
	challengeScript = regexp.MustCompile(`cdn-cgi/challenge-platform|challenges\.cloudflare\.com|_cf_chl_opt|anubis|captcha-delivery\.com|` +
		`px-captcha|perimeterx|_incapsula_resource|awswaf|sgcaptcha|ddos-guard|hcaptcha\.com|recaptcha/api|geetest|botstopper|slowaes|ddos-shield|testcookie|/\.within\.website/`)
)

// isChallenge wants two of: a title, a sentence, a script of the kind. A page
// that declares an article may speak of them: there the script must be one.
func isChallenge(f *facts, title, visible string) bool {
	signs, scripted := 0, false
	if challengeTitle.MatchString(title) {
		signs++
	}
	if challengeText.MatchString(visible) {
		signs++
	}
	for _, s := range f.scripts {
		if challengeScript.MatchString(strings.ToLower(s)) {
			signs++
			scripted = true
			break
		}
	}
	return signs >= 2 && (scripted || !f.declared())
}

var (
	consentTitle = regexp.MustCompile(`before you continue|bevor sie fortfahren|avant de continuer|prima di continuare|antes de continuar|` +
		`voordat je verdergaat|cookie ?(wall|consent|settings|einstellungen)|privacy (gate|settings|wall)|your privacy choices|datenschutzeinstellungen`)
	consentText = regexp.MustCompile(`cookie|consent|privacy|einwillig|datenschutz|zustimm|consentement|confidentialité|consenso|privacidad|` +
		`consentimiento|toestemming|samtycke|zgod[ęaey]|partner`)
)

// isConsent reports a page that only asks for consent.
func isConsent(f *facts, title, visible string, base *url.URL) bool {
	host := strings.ToLower(base.Hostname())
	gate := strings.HasPrefix(host, "consent.") || strings.HasPrefix(host, "myprivacy.") || strings.HasPrefix(host, "privacy-gate") ||
		consentTitle.MatchString(title) && !f.declared()
	hits := len(consentText.FindAllString(visible, -1))
	return gate && hits >= 2 || f.article() == nil && hits >= 6 && hits*12 > countWords(visible)
}

var missing = regexp.MustCompile(`(?m)^\W*(error )?(404|410)(\W*$|\s*[-–—|:·])|\b404\b.{0,30}(not found|error|seite|page|página|pagina)|(page|article|story|content|file|post|document)( you requested)? (was |is |could |can )?(not|n't|no longer) (be )?(found|available|exist)|` +
	`^\W*not found\W*($|[|–-])|page (doesn'?t|does not) exist|can'?t find (that|the|this) page|nothing (was )?found|` +
	`seite (wurde )?nicht gefunden|page (introuvable|non trouvée)|pagina non trovata|página no encontrada|página não encontrada|pagina niet gevonden|` +
	`sidan (kunde inte hittas|finns inte)|siden (blev ikke fundet|finnes ikke)|sivua ei löyt|nie znaleziono strony|strona nie istnieje|страница не найдена|` +
	`ページが見つかりません|見つかりませんでした|页面(不存在|未找到)|找不到(该|您|網|网)?.{0,4}(页|頁)|페이지를 찾을 수`)

// isStub reports an article of which only the beginning is shown.
func isStub(f *facts, words int, art article, visible string) bool {
	if words >= stubWords {
		return false
	}
	closed := strings.EqualFold(f.first("article:content_tier"), "locked") || f.unfree()
	says := containsAny(visible, paywallPhrases)
	cut := art.cutOff()
	switch {
	case closed:
		return says || words < fewWords
	default:
		return says && cut && words < briefWords
	}
}

func (f *facts) unfree() bool {
	for _, o := range f.linked {
		if o.unfree {
			return true
		}
	}
	return false
}

// cutOff reports whether the text ends in the middle of a sentence.
func (a article) cutOff() bool {
	if len(a.blocks) == 0 {
		return true
	}
	last := a.blocks[len(a.blocks)-1].text
	return strings.HasSuffix(last, "…") || strings.HasSuffix(last, "...") || strings.HasSuffix(last, "[…]") || strings.HasSuffix(last, "[...]")
}

var needsScript = regexp.MustCompile(`enable javascript|javascript is (required|disabled)|requires javascript|activez? javascript|javascript aktivieren|abilita(re)? javascript|habilit[ae] javascript|启用 ?javascript|javascriptを有効`)
