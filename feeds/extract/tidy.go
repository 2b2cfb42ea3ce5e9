package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"clusterwire/feeds/clean"
)

// tidy drops what both extractors take for text though it is none of the
// article's: its title above it, labels and teasers within it, and what
// publishers put below it.
func tidy(bs []block, f *facts) []block {
	bs = dropTitle(bs, f)
	bs = dropLead(bs)
	bs = dropTeasers(dropLabels(bs))
	bs = dropTail(bs)
	if rest := dropAbout(bs, f); len(rest) < len(bs) {
		return dropTail(rest)
	}
	return bs
}

const (
	leadBlocks  = 8  // how many blocks may stand above the title
	leadWords   = 60 // and how many words
	shortRunes  = 60
	prosaicSize = 100 // runes of a block that is surely prose
)

// dropTitle drops the title where it stands on top of the text, with what
// stands above it: rubric, date, "sign in". Prose above it is a lede and stays.
func dropTitle(bs []block, f *facts) []block {
	words := 0
	var ledes []block
	for i, b := range bs[:min(len(bs), leadBlocks)] {
		if b.tag == atom.H1 && len(f.headings) == 1 && len(ledes) == 0 || isTitle(b.text, f) {
			return append(ledes, bs[i+1:]...)
		}
		if isProse(b) {
			ledes = append(ledes, b)
		}
		if words += countWords(b.text); words > leadWords {
			break
		}
	}
	return bs
}

func isTitle(text string, f *facts) bool {
	t := fold(text)
	if len(text) > 300 || strings.Count(t, " ") < 3 {
		return false
	}
	for _, h := range f.headings {
		if t == fold(h) {
			return true
		}
	}
	return t == fold(f.first("og:title")) || strings.HasPrefix(fold(f.title), t)
}

// dropLead drops scraps above the first prose: captions of the picture on
// top, dates, reading times, tools.
func dropLead(bs []block) []block {
	first := -1
	for i, b := range bs {
		if utf8.RuneCountInString(b.text) >= prosaicSize && !isCaption(b) || b.kinds&inQuote != 0 {
			first = i
			break
		}
	}
	if first < 0 || first > leadBlocks {
		first = min(len(bs), 3)
	}
	out := make([]block, 0, len(bs))
	for _, b := range bs[:first] {
		if !scrap(b) && !isCaption(b) {
			out = append(out, b)
		}
	}
	return append(out, bs[first:]...)
}

var (
	readingTime = regexp.MustCompile(`(?i)^(reading time|tempo (de leitura|di lettura|stimato)|lesezeit|temps de lecture|tiempo de lectura|leestijd)\W|^\W*\d+ ?(min|minutes?|minuti|minutos|minuten)\.?( read| de lecture| di lettura| de lectura| leestijd| lesezeit)?\W*$`)
	tool        = regexp.MustCompile(`(?i)^\W*(by|(order )?reprints|print( article)?|text size|font size|share( this)?( article| story)?|save( article)?|e-?mail|comments?|facebook|twitter|whatsapp|linkedin|telegram|pinterest|copy link|sign in|log in|menu|close|listen|subscribe|bookmark|gift( article)?|teilen|drucken|merken|partager|imprimer|condividi|stampa|compartir|imprimir|compartilhar|delen|dela|поделиться)(\W+\d*\W*)?$`)
	captionMark = regexp.MustCompile(`(?i)(^|[\s_-])(fig)?caption|(photo|image|img|picture|media)[_-]*(credit|desc|legend|source)`)
)

// scrap reports a short line above the text that is a date, a reading time
// or a button.
func scrap(b block) bool {
	if readingTime.MatchString(b.text) || tool.MatchString(b.text) {
		return true
	}
	_, dated := clean.Date(b.text)
	return dated || len(b.text) < 200 && !endsSentence(b.text) && startsDated(b.text)
}

// startsDated reports a line that begins with a date of digits.
var dateStart = regexp.MustCompile(`^(\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2})\b`)

func startsDated(s string) bool { return dateStart.MatchString(s) }

// isCaption reports what stands below a picture.
func isCaption(b block) bool {
	if b.kinds&(inTable|inQuote|inPre|inEmbed) != 0 || len(b.text) > 600 {
		return false
	}
	if b.kinds&inCaption != 0 {
		return true
	}
	for n, up := b.node, 0; n != nil && up < 3; n, up = n.Parent, up+1 {
		for _, name := range []string{attr(n, "class"), attr(n, "id")} {
			if name != "" && captionMark.MatchString(name) {
				return true
			}
		}
	}
	return false
}

func endsSentence(s string) bool {
	s = strings.TrimRight(s, `"'”’»)] `)
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?:…。！？", r)
}

// label begins a line that points elsewhere, in the languages whose press we
// read.
var label = regexp.MustCompile(`(?i)^[\[(*►▶→>•\s]*(related( (articles?|stories|story|content|coverage|news|links?|reading|video))?|read (more|also|next|the full|on)|also( read| see)?|see (also|more)|more( on this( story)?| from| like this| coverage| stories)?|recommended( for you)?|` +
	`you (may|might) also (like|be interested)|don'?t miss|must read|watch( now| this| more| live| the video)?|listen( now)?|in case you missed it|trending|popular|advertisement|sponsored|promoted|continue reading|story continues( below)?|click here|` +
	`zum weiterlesen|weiterlesen|mehr (themen|informationen|zu|über)|weitere (beiträge|informationen|infos|themen|artikel|meldungen|nachrichten)|schon gelesen|(te|le) puede interesar|puedes ver|mira también|no te pierdas|leggi anche|leggi (tutto|di più)|vedi anche|potrebbe interessarti|guarda( anche)?|lesen sie (auch|mehr)|mehr (zum thema|dazu)|auch interessant|siehe auch|das könnte|anzeige|werbung|lire (aussi|également|la suite)|à lire( aussi)?|voir aussi|sur le même (sujet|thème)|publicité|` +
	`lea? (también|además|más)|lee (también|más)|leer más|te puede interesar|ver también|publicidad|leia (também|mais)|veja (também|mais)|saiba mais|publicidade|lees (ook|meer)|läs (också|mer|även)|les (også|mer)|læs (også|mere)|lue (myös|lisää)|czytaj (też|także|więcej|również)|zobacz (też|także|również)|reklama|` +
	`читайте также|читать также|смотрите также|реклама|по теме|相关(阅读|新闻|报道|链接|文章)|延伸阅读|阅读更多|推荐阅读|更多(阅读|新闻)|関連記事|あわせて読みたい|続きを読む|広告|관련 ?기사|더 ?보기)\s*(\W|$)`)

// labelBytes is as far as a label reaches into a block.
const labelBytes = 120

// dropLabels drops short lines that point elsewhere, and the link-only
// blocks right after a bare one.
func dropLabels(bs []block) []block {
	out := make([]block, 0, len(bs))
	after := false
	for _, b := range bs {
		linky := b.link*10 >= len(b.text)*9
		if after && linky {
			continue
		}
		after = false
		if len(b.text) > labelBytes && b.link*3 < len(b.text) {
			out = append(out, b)
			continue
		}
		if m := label.FindString(b.text[:min(len(b.text), labelBytes)]); m != "" {
			bare := utf8.RuneCountInString(b.text)-utf8.RuneCountInString(m) < 3
			marked := strings.ContainsAny(m, ":：►▶→")
			switch {
			case bare:
				after = true
				continue
			case marked && b.link*2 >= len(b.text)-len(m), b.link*10 >= len(b.text)*7:
				continue
			}
		}
		out = append(out, b)
	}
	return out
}

var shortcode = regexp.MustCompile(`^\[(\w+)( [^\]]*)?\].*\[/\w+\]$`)

// dropTeasers drops promotion wherever it stands, and lists of links alone in
// the second half.
func dropTeasers(bs []block) []block {
	out := make([]block, 0, len(bs))
	for i := 0; i < len(bs); i++ {
		b := bs[i]
		if isCaption(b) || isPromotion(b) {
			continue
		}
		run := i
		for run < len(bs) && bs[run].kinds&inList != 0 && bs[run].link*10 >= len(bs[run].text)*9 {
			run++
		}
		if run-i >= 2 && i*2 > len(bs) {
			i = run - 1
			continue
		}
		out = append(out, b)
	}
	return out
}

// isPromotion reports a short block that asks to subscribe, a button, or the
// source of one. The cheap tests come first: nearly all blocks fail them.
func isPromotion(b block) bool {
	if len(b.text) > 400 {
		return false
	}
	if len(b.text) < 40 && b.kinds&(inHeading|inTable) == 0 && tool.MatchString(b.text) || b.text[0] == '[' && shortcode.MatchString(b.text) {
		return true
	}
	lower := strings.ToLower(b.text)
	for _, w := range []string{"newsletter", "inbox", "letterbox", "affiliate"} {
		if strings.Contains(lower, w) {
			return promotion.MatchString(lower)
		}
	}
	return false
}

// promotion is what asks to subscribe, wherever in a line it stands.
var promotion = regexp.MustCompile(`sign up (here )?(for|to) (the|our|a|receive)\b.{0,40}newsletter|(sign up|subscribe) (here|now|today)?.{0,60}\b(newsletter|inbox)|delivered (straight |directly )?(to|through) your (inbox|letterbox)|(get|meet|let) .{0,80} your inbox|may contain .{0,30}affiliate|affiliate (links?|disclosure)|` +
	`(iscriviti|registrati|inscrivez-vous|abonnez-vous|recevez|suscríbete|apúntate|inscreva-se|assine|abonnieren|melden sie sich|schrijf je in|meld je aan|prenumerera|zapisz się|подпишитесь).{0,60}newsletter`)

// ending is a line below an article: credits, addresses, promotion, notices.
var ending = regexp.MustCompile(`(?i)^[\[(*–—•\s]*(` +
	`(additional |with )?(reporting|writing|editing|compiled|edited|written|research) (and (writing|editing|reporting) )?by\b|(associated press|ap|reuters|bloomberg|afp)( \w+)? (writers?|reporters?|journalists?)\b.*contributed|source\s*[:：]|sources\s*[:：]|via\s*[:：]|` +
	`(last )?updated( on| at)?\b|published( on| at)?\b.{0,40}$|filed under|tags?\s*[:：]|categor(y|ies)\s*[:：]|topics?\s*[:：]|keywords?\s*[:：]|posted (in|on)\b|` +
	`(©|\(c\) ?\d|copyright\b)|all rights reserved|disclaimer\b|` +
	`follow (us|me|him|her|them|\w+ \w+|@\w+) on|follow @|e-?mail (us|me|him|her|[\w .]+) at|write to [\w .,]+ at|reach (the )?(reporters?|\w+ \w+)|contact (the )?(reporter|writer|author|us)|have a (tip|story|question)|got a tip|send (us )?(tips|your)|` +
	`(sign up|subscribe|register|join)\b|get (the latest|our|more|access|updates|breaking)|like us on|download (the|our) |share (this|on)\b|click here\b|more ap \w+|for more (information|news|stories|on)\b.{0,80}$|(want|looking for) more\b|` +
	`this (article|story|post) (was )?(originally|first) (published|appeared)|read the (original|full) (article|story)|` +
	`alle rechte vorbehalten|quelle\s*[:：]|tous droits réservés|tutti i diritti riservati|fonte\s*[:：]|fuente\s*[:：]|todos los derechos|todos os direitos|riproduzione riservata|source photo|crédit|` +
	`来源\s*[:：]|责任编辑|编辑\s*[:：]|責任編輯|原标题|無断転載|저작권자|무단\s*전재` +
	`)`)

// follow is an invitation to follow the author or the paper.
var follow = regexp.MustCompile(`follow (him|her|them|us|me|\w+( \w+)?) (on|at) (twitter|facebook|x|instagram|linkedin|bluesky|mastodon)`)

// address is a line that is an e-mail or web address and nothing else.
var address = regexp.MustCompile(`(?i)^(https?://)?[\w.%+-]+(@[\w-]+)?(\.[\w-]+)+(/\S*)?$`)

const endBytes = 500 // a longer block is no ending

// dropTail drops endings from the last block upwards, as far as they go.
func dropTail(bs []block) []block {
	for len(bs) > 1 && isEnding(bs[len(bs)-1]) {
		bs = bs[:len(bs)-1]
	}
	return bs
}

func isEnding(b block) bool {
	switch {
	case len(b.text) > endBytes:
		return false
	case b.link*10 >= len(b.text)*9 && b.kinds&(inList|inHeading) != 0 && len(b.text) < 200:
		return true
	case len(b.text) < 120 && (b.kinds&inHeading != 0 || strings.HasSuffix(b.text, ":")): // announces what was dropped
		return true
	case ending.MatchString(b.text) || address.MatchString(b.text):
		return true
	}
	lower := strings.ToLower(b.text)
	return containsAny(lower, endingPhrases) || containsAny(lower, paywallPhrases) || strings.Contains(lower, "follow") && follow.MatchString(lower)
}

var (
	// aboutHead is the line above what a company says of itself below every
	// release, and above its contacts and reservations.
	aboutHead = regexp.MustCompile(`(?i)^[#*–—-]*\s*((about( us)?|über( uns)?|à propos( de)?|chi (è|siamo)|informazioni su|sobre|acerca de|over|om|o firmie|о компании|关于|關於)\s+[\p{Lu}\p{Han}\d][^.!?]{0,60}|about us|über uns|(media|press|investor|presse)[ -]?(contacts?|kontakte?|relations|inquiries)|contacts?|pressekontakt|contact presse|contatti stampa|notes? (to|for) editors?|(cautionary (note|statement)|safe harbor|forward[- ]looking)[^.]{0,80}|###|[–—-]\s*ends\s*[–—-])\s*:?$`)
	aboutSelf = regexp.MustCompile(`(?i)\b(leading|global|worldwide|provider|headquartered|founded in|listed|subsidiary|more information|visit|mission|solutions)\b`)
)

// dropAbout drops what a company says of itself below its release: from the
// line that announces it on, or a last paragraph that opens with its name.
func dropAbout(bs []block, f *facts) []block {
	total, above := 0, 0
	for _, b := range bs {
		total += len(b.text)
	}
	for i, b := range bs {
		if i >= 3 && above*3 > total*2 && len(b.text) < 120 && aboutHead.MatchString(b.text) {
			return bs[:i]
		}
		above += len(b.text)
	}
	if n := len(bs); n > 3 && f.introduces(bs[n-1].text) {
		return bs[:n-1]
	}
	return bs
}

// introduces reports a paragraph that says what a company in the title is.
func (f *facts) introduces(text string) bool {
	name, rest, ok := strings.Cut(text, " is ")
	if !ok || len(name) > 60 || countWords(text) < 30 || !strings.HasPrefix(rest, "a") && !strings.HasPrefix(rest, "the ") && !strings.HasPrefix(rest, "one ") {
		return false
	}
	first, _, _ := strings.Cut(fold(name), " ")
	title := " " + fold(f.title) + fold(f.first("og:site_name"))
	return len(first) > 2 && strings.Contains(title, " "+first+" ") && len(aboutSelf.FindAllString(text, 3)) >= 2
}
