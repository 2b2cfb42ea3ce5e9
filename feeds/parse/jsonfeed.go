package parse

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

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

// objects is an array of objects, or one object. Elements of another type are
// left out.
func (o object) objects(key string) []object {
	var one object
	if json.Unmarshal(o[key], &one) == nil && one != nil {
		return []object{one}
	}
	var list []json.RawMessage
	if json.Unmarshal(o[key], &list) != nil {
		return nil
	}
	var found []object
	for _, raw := range list[:min(len(list), maxItems)] {
		var each object
		if json.Unmarshal(raw, &each) == nil && each != nil {
			found = append(found, each)
		}
	}
	return found
}

// strings is an array of strings, or one string.
func (o object) strings(key string) []string {
	var list []json.RawMessage
	if json.Unmarshal(o[key], &list) != nil {
		return []string{o.text(key)}
	}
	var found []string
	for _, raw := range list[:min(len(list), maxItems)] {
		found = append(found, object{"": raw}.text(""))
	}
	return found
}

// jsonFeed reads JSON Feed 1.0 and 1.1. body begins with "{".
func jsonFeed(body []byte, in Input) (news.Document, error) {
	body = bytes.ToValidUTF8(body, []byte("\ufffd"))
	head, items, damage := readJSON(body)
	if _, isFeed := head["items"]; !isFeed && !strings.Contains(head.text("version"), "jsonfeed") {
		return news.Document{}, &Error{ClassNotAFeed, "the document is JSON, yet no JSON Feed"}
	}
	base := in.base()
	site := clean.URL(head.text("home_page_url"), base)
	out := news.Document{
		Kind:        news.FeedJSON,
		Title:       clean.Line(clean.Title(head.text("title")), maxTitle),
		Description: cutText(clean.Text(head.text("description")), maxSummary),
		Link:        site,
		Self:        clean.URL(head.text("feed_url"), base),
		Next:        clean.URL(head.text("next_url"), base),
		Language:    language(head.text("language")),
		Expired:     head.truth("expired"),
	}
	for _, hub := range head.objects("hubs") {
		if u := clean.URL(hub.text("url"), base); u != "" && out.Hub == "" {
			out.Hub = u
		}
	}
	authors := jsonAuthors(head)
	for _, o := range items {
		item := jsonItem(o, base, out.Language)
		if len(item.Authors) == 0 {
			item.Authors = authors
		}
		if out.Updated.Before(item.Updated) {
			out.Updated = item.Updated
		}
		out.Items = append(out.Items, item)
	}
	out.Items = newest(out.Items, maxItems)
	if damage != "" {
		if len(out.Items) == 0 {
			return news.Document{}, &Error{ClassTruncated, damage}
		}
		out.Damaged = true
		out.Warnings = append(out.Warnings, damage)
	}
	out.Items = identify(out.Items)
	return out, nil
}

// readJSON reads the members of the feed one by one, and its items one by
// one, so that an error keeps what came before it. damage is "" if there was
// none.
func readJSON(body []byte) (head object, items []object, damage string) {
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
				var found []object
				found, damage, err = readItems(d)
				items = append(items, found...)
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
	return head, items, damage
}

// readItems reads an array of items.
func readItems(d *json.Decoder) (items []object, damage string, err error) {
	open, err := d.Token()
	if err != nil {
		return nil, "", err
	}
	if open != json.Delim('[') {
		return nil, "", errors.New("items is no array")
	}
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return items, damage, err
		}
		var each object
		if json.Unmarshal(raw, &each) != nil || each == nil {
			damage = "an item is no object"
			continue
		}
		items = append(items, each)
	}
	_, err = d.Token()
	return items, damage, err
}

// jsonItem reads one item.
func jsonItem(o object, base *url.URL, feedLanguage string) news.Item {
	item := news.Item{
		GUID:     boundGUID(o.text("id")),
		URL:      firstOf(clean.URL(o.text("url"), base), clean.URL(o.text("external_url"), base)),
		Title:    clean.Line(clean.Title(o.text("title")), maxTitle),
		Authors:  jsonAuthors(o),
		Language: language(o.text("language"), feedLanguage),
		Summary:  cutText(clean.Text(o.text("summary")), maxSummary),
	}
	item.Published, _ = clean.Date(o.text("date_published"))
	item.Updated, _ = clean.Date(o.text("date_modified"))
	if item.Published.IsZero() {
		item.Published = item.Updated
	}
	if item.URL == "" && strings.HasPrefix(item.GUID, "http") {
		item.URL = clean.URL(item.GUID, nil)
	}
	item.ContentHTML, item.ContentText = clean.HTMLText(o.text("content_html"), base)
	if item.ContentHTML == "" {
		item.ContentHTML, item.ContentText = clean.HTMLText(paragraphs(o.text("content_text")), base)
	}
	for _, tag := range o.strings("tags") {
		if tag = clean.Line(clean.Title(tag), maxName); tag != "" && len(item.Categories) < maxCategories {
			item.Categories = append(item.Categories, tag)
		}
	}
	for _, file := range o.objects("attachments") {
		u := clean.URL(file.text("url"), base)
		if u == "" || len(item.Enclosures) >= maxEnclosures {
			continue
		}
		var size int64
		if json.Unmarshal(file["size_in_bytes"], &size) != nil || size < 0 {
			size = 0
		}
		item.Enclosures = append(item.Enclosures, news.Enclosure{URL: u, Type: clean.Line(file.text("mime_type"), maxName), Length: size})
	}
	return item
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

// jsonAuthors reads authors of version 1.1 and author of version 1.0.
func jsonAuthors(o object) []string {
	var found []string
	for _, key := range []string{"authors", "author"} {
		for _, person := range o.objects(key) {
			found = addPerson(found, firstOf(person.text("name"), person.text("url")))
		}
	}
	return found
}

// newest keeps the n newest items, in their order.
func newest(items []news.Item, n int) []news.Item {
	return pick(items, n, func(item news.Item) time.Time { return item.Published })
}
