// Package store is the cellar of clusterwire: all SQL, the full-text index
// and the migrations. One SQLite file holds everything.
//
//	db, err := store.Open(ctx, path)          // serve, collect: creates, migrates, locks
//	db, err := store.OpenReadOnly(ctx, path)  // commands that only look
//	defer db.Close()
//
// *DB satisfies feeds.Store, what the line needs, and web.Store, what the
// site reads. One connection writes; a few read. Every method that writes is
// one transaction, on disk when it returns.
//
// # What is stored
//
// Articles under time-ordered ids: seconds of publication shifted left by four
// bits, plus a number that tells apart the articles of one second. So rowid
// follows publication time also for articles that were found late, every
// index yields the newest first, and no sort is needed. Ids stay below 2^38,
// so JSON numbers hold them exactly. Sixteen articles of the same second fill
// it; further ones take numbers of the seconds that follow, which makes bounds
// in time exact to the minute, not to the second, where feeds give whole days.
//
// Texts compressed beside the index, which holds terms alone (contentless):
// snippets are cut from the text itself. They are compressed with a dictionary
// of the archive's own, see dictionary.go. Filters (company, topic, source …)
// stand in the index as tokens, so a filter and a word are one intersection.
// KeepMerged keeps the index in few segments while nobody writes (merge.go).
//
// Earlier texts of changed articles, every claim ever read, and articles that
// were judged irrelevant, which lists hide.
//
// Claims of databases outside (ImportStatements), which belong to no article
// and hold their own title and address.
//
// # What is kept in memory
//
// Of every article its facets, and sets: one bitmap for each word, phrase or
// filter that was asked for, read from the posting lists and caught up with what
// was written since. The page of a query and its exact total are read off them.
// Warm reads ahead what would take long: facets, filters, and the sets of the
// most frequent words (frequent.go). For a page whose total nobody asks for
// (Query.Uncounted) sets are read of the nearest articles alone, and of further
// ones until the page is full (near.go, extents.go). Phrases are found by the
// places that the posting lists keep (phrase.go). Nothing of this is stored, so a
// crash can't leave it behind.
package store
