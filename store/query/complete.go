package query

import (
	"cmp"
	"slices"
	"strings"

	"clusterwire/feeds/news"
)

// Name is one value that a field can have.
type Name struct {
	Field string // "company", "cluster", "topic", "source"
	Slug  string
	Label string // what people call it
}

func (n Name) completion() news.Completion {
	return news.Completion{Label: n.Label, Field: n.Field, Value: n.Slug}
}

// Complete returns up to limit ways to complete the last word of a query:
// fields, values of fields, and companies, clusters and sources by name. names
// should be in order of weight, most wanted first.
func Complete(text string, names []Name, limit int) []news.Completion {
	cut := strings.LastIndexAny(text, " \t(") + 1
	head, word := text[:cut], text[cut:]
	minus := ""
	if strings.HasPrefix(word, "-") {
		minus, word = "-", word[1:]
	}
	if word == "" || strings.Count(head, `"`)%2 == 1 {
		return nil
	}
	var out []news.Completion
	add := func(text string, c news.Completion) {
		c.Query = head + minus + text
		if len(out) < limit && text != word && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	field, value, ok := strings.Cut(word, ":")
	if !ok {
		for _, f := range Fields() {
			if strings.HasPrefix(f, strings.ToLower(word)) {
				add(f+":", news.Completion{Label: f + ":"})
			}
		}
		for _, n := range matching(names, "", word) {
			add(n.Field+":"+n.Slug, n.completion())
		}
		return out
	}
	done, last := "", value
	if i := strings.LastIndexByte(value, ','); i >= 0 {
		done, last = value[:i+1], value[i+1:]
	}
	for _, n := range matching(append(fixed(field), names...), field, last) {
		add(field+":"+done+n.Slug, n.completion())
	}
	return out
}

// fixed are the values of fields that no registry holds.
func fixed(field string) []Name {
	var out []Name
	add := func(values ...string) {
		for _, v := range values {
			out = append(out, Name{field, v, v})
		}
	}
	switch field {
	case "topic":
		for _, t := range news.Topics() {
			add(string(t))
		}
	case "kind":
		for _, k := range news.SourceKinds() {
			add(string(k))
		}
	case "has":
		add(hasValues...)
	case "company.role":
		add("subject", "mentioned")
	}
	return out
}

// matching returns the names of a field ("" any) of which the slug, the label
// or a word of the label begins with what was typed, the slug first.
func matching(names []Name, field, typed string) []Name {
	want := foldWords(typed)
	rank := func(n Name) int {
		label := foldWords(n.Label)
		switch {
		case strings.HasPrefix(n.Slug, want):
			return 0
		case strings.HasPrefix(label, want):
			return 1
		case strings.Contains(label, " "+want):
			return 2
		}
		return 3
	}
	var out []Name
	for _, n := range names {
		if (field == "" || n.Field == field) && rank(n) < 3 {
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b Name) int { return cmp.Compare(rank(a), rank(b)) })
	return out
}

// foldWords folds each word of a name.
func foldWords(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		words[i] = fold(w, false)
	}
	return strings.Join(words, " ")
}
