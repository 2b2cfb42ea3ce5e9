// Package feeds is the intake of clusterwire: it runs the line from
// publishers' feeds to stored, read articles.
//
// The line has three parts and the Store stands between them:
//
//	poll   feeds due ─► fetch ─► parse ─► Store.SavePoll       items and validators, one transaction
//	open   items due ─► fetch ─► extract ─► read ─► Store.SaveArticles
//	place  articles stored or changed ─► story ─► Store.Place
//
// The three run side by side: what a feed brought is opened while others are
// still asked. Who asks and who is asked is settled per host, by the one client:
// a host is asked for one thing at a time and rests between two.
//
// The order of the stages is written here, once. The stages themselves live
// in the packages below and never import each other: all but fetch are pure
// functions of their arguments.
package feeds
