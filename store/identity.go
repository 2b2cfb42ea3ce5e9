package store

import (
	"net/url"
	"slices"
	"strings"
)

// canonicalKey is the identity of an address: without scheme, "www.", default
// port, fragment and a final slash, the parameters sorted. Two addresses with
// one key are one page. "" for what is no absolute address.
func canonicalKey(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	host = strings.TrimSuffix(strings.TrimPrefix(host, "www."), ".")
	if p := u.Port(); p != "" && p != "80" && p != "443" {
		host += ":" + p
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if u.RawQuery == "" {
		return host + path
	}
	params := strings.Split(u.RawQuery, "&")
	slices.Sort(params)
	return host + path + "?" + strings.Join(params, "&")
}

// hostOf is the host of an address without "www.".
func hostOf(address string) string {
	key := canonicalKey(address)
	host, _, _ := strings.Cut(key, "/")
	host, _, _ = strings.Cut(host, "?")
	return host
}

// aliasKey is an item's key without scheme and host, where it is an address:
// a publisher that moves to https or to another host keeps its items. "" for
// other keys, and for an address that has no path to tell items apart.
func aliasKey(key string) string {
	u, err := url.Parse(key)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if path == "" && u.RawQuery == "" {
		return ""
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		path += "#" + u.Fragment
	}
	return path
}
