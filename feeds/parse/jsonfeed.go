package parse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"clusterwire/feeds/clean"
	"clusterwire/feeds/news"
)

// object is a JSON object whose values are read as they are asked for, so
// that one of the wrong type costs that field and not the feed.
type object map[string]json.RawMessage

// text is a string, or a number as it is written.
func (o object) text(key string) string {
	raw := bytes.TrimSpace(o[key])
	if len(raw) == 0 || len(raw) > 4*maxField {
		return ""
	}
	var s string
	if raw[0] == '"' && json.Unmarshal(raw, &s) == nil {
		return strings.TrimSpace(s)
	}
	if raw[0] == '-' || '0' <= raw[0] && raw[0] <= '9' {
		return string(raw[:min(len(raw), maxGUID)])
	}
	return ""
}

// truth is a boolean that is true.
func (o object) truth(key string) bool { return string(bytes.TrimSpace(o[key])) == "true" }

// list is the first n elements of an array; ok is false if it is none.
func (o object) list(key string, n int) (found []json.RawMessage, ok bool) {
	d := json.NewDecoder(bytes.NewReader(o[key]))
	if open, err := d.Token(); err != nil || open != json.Delim('[') {
		return nil, false
	}
	for d.More() && len(found) < n {
		var raw json.RawMessage
		if d.Decode(&raw) != nil {
			break
		}
		found = append(found, raw)
	}
	return found, true
}

// objects are the first n of an array of objects, or one object. Elements of
// another type are left out.
func (o object) objects(key string, n int) []object {
	list, ok := o.list(key, n)
	if !ok {
		list = []json.RawMessage{o[key]}
	}
	var found []object
	for _, raw := range list {
		var each object
		if json.Unmarshal(raw, &each) == nil && each != nil {
			found = append(found, each)
		}
	}
	return found
}

// strings are the first n of an array of strings, or one string.
func (o object) strings(key string, n int) []string {
	list, ok := o.list(key, n)
	if !ok {
		return []string{o.text(key)}
	}
	var found []string
	for _, raw := range list {
		found = append(found, object{"": raw}.text(""))
	}
	return found
}

// jsonFeed reads JSON Feed 1.0 and 1.1. body begins with "{". What is sound
// in it is written again for gofeed, which gives up on one wrong type.
func jsonFeed(body []byte, in Input) (news.Document, error) {
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\ufffd"))
	}
	head, list, damage := readJSON(body)
	if _, isFeed := head["items"]; !isFeed && !strings.Contains(head.text("version"), "jsonfeed") {
		return news.Document{}, &Error{ClassNotAFeed, "the document is JSON, yet no JSON Feed"}
	}
	if damage != "" && len(list.newest) == 0 {
		return news.Document{}, &Error{ClassTruncated, damage}
	}
	list.trim()
	var whole bytes.Buffer
	e := json.NewEncoder(&whole)
	e.SetEscapeHTML(false) // that would make it six times as long
	if err := e.Encode(head.normal(list.newest)); err != nil {
		return news.Document{}, &Error{ClassNotAFeed, err.Error()}
	}
	feed, err := newReader().Parse(&whole)
	if err != nil {
		return news.Document{}, &Error{ClassNotAFeed, "gofeed: " + clean.Line(err.Error(), maxTitle)}
	}
	out := translate(feed, in.base())
	for _, hub := range head.objects("hubs", maxPeople) { // gofeed reads none
		if u := clean.URL(hub.text("url"), in.base()); u != "" && out.Hub == "" {
			out.Hub = u
		}
	}
	if damage != "" {
		out.Damaged = true
		out.Warnings = append(out.Warnings, damage)
	}
	out.Warnings = append(out.Warnings, list.leftOut()...)
	out.Items = identify(out.Items)
	return out, nil
}

// itemList is the newest items of a feed, and how many are left out.
type itemList struct {
	newest []object
	read   int // items looked at
	older  int // of these, left out for newer ones
	unread int // items after the first maxListed
}

func (l *itemList) add(item object) {
	if l.newest = append(l.newest, item); len(l.newest) >= 2*maxItems {
		l.trim()
	}
}

// trim leaves no more items than a feed may have.
func (l *itemList) trim() {
	before := len(l.newest)
	l.newest = pick(l.newest, maxItems, object.published)
	l.older += before - len(l.newest)
}

// leftOut says, for the feed's warnings, which items are missing.
func (l *itemList) leftOut() (warnings []string) {
	if l.older > 0 {
		warnings = append(warnings, fmt.Sprintf("%d older items left out", l.older))
	}
	if l.unread > 0 {
		warnings = append(warnings, fmt.Sprintf("%d items after the first %d left out", l.unread, maxListed))
	}
	return warnings
}

// readJSON reads the members of the feed one by one, and its items one by
// one, so that an error keeps what came before it. damage is "" if there was
// none.
func readJSON(body []byte) (head object, list itemList, damage string) {
	head = object{}
	d := json.NewDecoder(bytes.NewReader(body))
	err := func() error {
		if _, err := d.Token(); err != nil {
			return err
		}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return err
			}
			name, _ := key.(string)
			var value json.RawMessage
			if name == "items" {
				damage, err = list.readFrom(d)
			} else {
				err = d.Decode(&value)
			}
			head[name] = value
			if err != nil {
				return err
			}
		}
		_, err := d.Token()
		return err
	}()
	if err != nil {
		damage = "the JSON breaks off: " + clean.Line(err.Error(), maxName)
	}
	return head, list, damage
}

// readFrom reads an array of items.
func (l *itemList) readFrom(d *json.Decoder) (damage string, err error) {
	open, err := d.Token()
	if err != nil {
		return "", err
	}
	if open != json.Delim('[') {
		return "", errors.New("items is no array")
	}
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return damage, err
		}
		if l.read == maxListed {
			l.unread++
			continue
		}
		l.read++
		var each object
		if json.Unmarshal(raw, &each) != nil || each == nil {
			damage = "an item is no object"
			continue
		}
		l.add(each)
	}
	_, err = d.Token()
	return damage, err
}

// published is the date by which items are kept when there are too many.
func (o object) published() time.Time {
	t, ok := clean.Date(o.text("date_published"))
	if !ok {
		t, _ = clean.Date(o.text("date_modified"))
	}
	return t
}

// normal is a feed with the members that gofeed knows, of the types that it
// expects: titles as plain text, texts as HTML, dates by RFC 3339.
func (o object) normal(items []object) map[string]any {
	out := o.texts("version", "home_page_url", "feed_url", "next_url", "description", "language")
	out["title"] = clean.Title(o.text("title"))
	out["expired"] = o.truth("expired")
	out["authors"] = o.people()
	list := make([]map[string]any, 0, len(items))
	for _, item := range items {
		list = append(list, item.normalItem())
	}
	out["items"] = list
	return out
}

func (o object) normalItem() map[string]any {
	out := o.texts("id", "url", "external_url", "summary", "content_html", "language")
	out["title"] = clean.Title(o.text("title"))
	if o.text("content_html") == "" {
		out["content_html"] = paragraphs(o.text("content_text"))
	}
	for _, key := range []string{"date_published", "date_modified"} {
		if t, ok := clean.Date(o.text(key)); ok {
			out[key] = t.UTC().Format(time.RFC3339Nano)
		}
	}
	out["authors"] = o.people()
	out["tags"] = o.strings("tags", 8*maxCategories)
	var files []map[string]any
	for _, file := range o.objects("attachments", 8*maxEnclosures) {
		attachment := file.texts("url", "mime_type")
		if size := file["size_in_bytes"]; len(size) > 0 && len(size) < 32 {
			attachment["size_in_bytes"] = size
		}
		files = append(files, attachment)
	}
	out["attachments"] = files
	return out
}

// texts are the members among keys that have a text.
func (o object) texts(keys ...string) map[string]any {
	found := make(map[string]any, len(keys)+8)
	for _, key := range keys {
		if text := o.text(key); text != "" {
			found[key] = text
		}
	}
	return found
}

// people are authors of version 1.1 and author of version 1.0.
func (o object) people() []map[string]any {
	var found []map[string]any
	for _, key := range []string{"authors", "author"} {
		for _, person := range o.objects(key, maxPeople) {
			found = append(found, person.texts("name", "url"))
		}
	}
	return found
}

// paragraphs writes plain text as HTML.
func paragraphs(text string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			b.WriteString("<p>" + strings.ReplaceAll(escapeMarkup.Replace(part), "\n", "<br>") + "</p>")
		}
	}
	return b.String()
}
