package clean

import (
	"net/url"
	"slices"
	"strings"
)

// trackingPrefixes begin the names of parameters that say how a reader came,
// never what is read.
var trackingPrefixes = []string{
	"utm_",      // Google Analytics
	"mtm_",      // Matomo campaigns
	"matomo_",   // Matomo
	"pk_",       // Piwik
	"piwik_",    // Piwik
	"hsa_",      // HubSpot ads
	"_hs",       // HubSpot mail
	"at_",       // AT Internet: BBC, France Télévisions
	"vero_",     // Vero mail
	"oly_",      // Omeda mail, trade press
	"ns_",       // comScore: ns_mchannel, ns_campaign
	"wt_",       // Webtrekk: heise, Zeit
	"ito_",      // Daily Mail
	"guce_",     // Yahoo consent
	"mkt_",      // Marketo
	"trk_",      // LinkedIn mail
	"fb_action", // Facebook
	"_openstat", // Openstat
}

// trackingNames are parameters that say how a reader came, on any site.
var trackingNames = []string{
	"fbclid",         // Facebook
	"gclid",          // Google Ads
	"gclsrc",         // Google Ads
	"dclid",          // Google Display
	"gbraid",         // Google Ads on iOS
	"wbraid",         // Google Ads on iOS
	"srsltid",        // Google Merchant
	"msclkid",        // Microsoft Ads
	"yclid",          // Yandex Direct
	"ysclid",         // Yandex search
	"twclid",         // X
	"ttclid",         // TikTok
	"li_fat_id",      // LinkedIn
	"igshid",         // Instagram
	"igsh",           // Instagram
	"mc_cid",         // Mailchimp campaign
	"mc_eid",         // Mailchimp reader
	"ml_subscriber",  // MailerLite
	"mkt_tok",        // Marketo
	"s_cid",          // Adobe Analytics
	"cmpid",          // campaigns: Bloomberg, CNBC
	"icid",           // internal campaigns
	"ncid",           // Verizon Media
	"n_cid",          // Nikkei
	"ftcamp",         // Financial Times
	"ftag",           // CBS, ZDNet
	"smid",           // New York Times shares
	"smtyp",          // New York Times shares
	"guccounter",     // Yahoo consent
	".tsrc",          // Yahoo
	"srnd",           // Bloomberg section
	"sref",           // Bloomberg partner
	"__source",       // CNBC
	"__twitter_impr", // CNBC
	"feedtype",       // Reuters
	"feedname",       // Reuters
	"rss_id",         // feeds that mark their readers
	"rssfeed",        // feeds that mark their readers
	"spm",            // Alibaba
	"isappinstalled", // WeChat
	"share_token",    // ByteDance
	"wx_share",       // WeChat
	"xtor",           // AT Internet, French press
	"wtmc",           // Webtrekk
	"echobox",        // Echobox
	"outputtype",     // Arc Publishing's AMP: outputType=amp
	"_ga",            // Google Analytics across hosts
	"_gl",            // Google Analytics across hosts
	"cndid",          // Condé Nast mail
	"esrc",           // Condé Nast mail
	"bxid",           // Condé Nast mail
	"mbid",           // Condé Nast
	"taid",           // trueAnthem shares
	"wpisrc",         // Washington Post
	"nl_id",          // newsletters
}

// trackingValues are parameters that track only with one of these values:
// elsewhere they choose the page.
var trackingValues = map[string][]string{
	"ref":      {"rss", "feed", "twitter", "facebook", "linkedin", "newsletter", "hackernews", "hn", "reddit", "producthunt"},
	"source":   {"rss", "feed", "twitter", "facebook", "linkedin", "newsletter", "email"},
	"src":      {"rss", "feed", "rss_feed"},
	"from":     {"rss", "feed", "timeline", "singlemessage", "groupmessage", "wechat"},
	"partner":  {"rss", "rssnyt"},
	"emc":      {"rss"},
	"rss":      {"1", "yes", "true", ""},
	"mod":      {"rss", "rss_twitter", "hp_lead_pos1"},
	"amp":      {"", "1", "true", "amp"},
	"_amp":     {"", "1", "true"},
	"mode":     {"amp"},
	"cmp":      {"rss", "share_btn_tw", "share_btn_fb", "share_btn_url"},
	"via":      {"rss", "newsletter"},
	"campaign": {"rss"},
}

// meaningful returns a query without its tracking parameters, in its order.
func meaningful(query, host string) string {
	if query == "" {
		return ""
	}
	kept := make([]string, 0, 4)
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if pair != "" && !tracks(unescaped(name), unescaped(value), host) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

func unescaped(s string) string {
	if out, err := url.QueryUnescape(s); err == nil {
		return strings.ToLower(out)
	}
	return strings.ToLower(s)
}

// tracks reports whether a parameter says nothing about the page.
func tracks(name, value, host string) bool {
	if slices.Contains(trackingNames, name) {
		return true
	}
	for _, prefix := range trackingPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	if slices.Contains(trackingValues[name], value) {
		return true
	}
	// Ghost and Substack name the site that a link stands on: ref=example.com.
	return name == "ref" && strings.Contains(value, ".") && !strings.ContainsAny(value, "/ ") && !strings.HasSuffix(host, "github.com")
}
