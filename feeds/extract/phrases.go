package extract

import "strings"

// Phrases are looked for one by one in text folded to lower case: for text
// that holds none, which is nearly all, this costs a hundredth of one regular
// expression with as many alternatives.

// containsAny reports whether one of the phrases stands in lower.
func containsAny(lower string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(lower, p) {
			return true
		}
	}
	return false
}

// paywallPhrases are what a page says in place of the rest of an article.
var paywallPhrases = []string{
	"subscribe to continue", "subscribe to keep", "subscribe to read", "subscribe to unlock", "subscribe to access", "subscribe now to",
	"to continue reading", "to keep reading", "already a subscriber", "already a member", "subscriber-only", "subscriber only", "subscribers only",
	"only available to subscribers", "available to subscribers", "reserved for subscribers", "exclusive to subscribers", "for subscribers only",
	"is for subscribers", "is for members", "is for paying", "only available to members", "register to continue", "register to read",
	"register now to", "sign in to continue", "sign in to read", "log in to continue", "unlock this article", "unlock the article",
	"unlock this story", "free articles left", "free article left", "free articles remaining", "free article remaining", "become a subscriber to",
	"become a member to",
	"weiterlesen mit", "jetzt abonnieren", "mit abo ", "artikel ist nur für", "artikel ist für", "artikel freischalten",
	"réservé aux abonnés", "réservée aux abonnés", "abonnez-vous pour", "il vous reste", "déjà abonné",
	"contenuto riservato", "abbonati per", "riservato agli abbonati", "sei già abbonato",
	"contenido exclusivo", "suscríbete para", "ya eres suscriptor", "conteúdo exclusivo", "assine para", "já é assinante",
	"alleen voor abonnees", "word abonnee", "al abonnee", "endast för prenumeranter", "logga in för att läsa", "tylko dla prenumeratorów",
	"только для подписчиков", "会員限定", "有料会員", "この記事は会員", "订阅后", "订阅者", "付费阅读", "付费内容", "구독자 전용",
}

// endingPhrases tell a line below an article, wherever in it they stand.
var endingPhrases = []string{
	"contributed to this report", "contributed to this story", "contributed to this article", "may be reached at", "can be reached at",
	"all rights reserved", "무단전재", "무단 전재",
}
