-- Times are microseconds since 1970 UTC, NULL where not stated.

CREATE TABLE state (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO state VALUES ('changed', 1), ('registry', 1), ('write', 0), ('articles', 0);

CREATE TABLE company (
  slug TEXT PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, kind TEXT NOT NULL, site TEXT NOT NULL,
  listed INTEGER NOT NULL DEFAULT 1 -- 0: no longer in the registry, kept for old articles
) WITHOUT ROWID;

CREATE TABLE cluster (
  slug TEXT PRIMARY KEY, name TEXT NOT NULL, aliases TEXT NOT NULL, operator TEXT NOT NULL, owner TEXT NOT NULL,
  place TEXT NOT NULL, country TEXT NOT NULL, note TEXT NOT NULL, listed INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;

CREATE TABLE source (
  slug TEXT PRIMARY KEY, name TEXT NOT NULL, site TEXT NOT NULL, kind TEXT NOT NULL, language TEXT NOT NULL,
  country TEXT NOT NULL, trust INTEGER NOT NULL, note TEXT NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0, -- no longer followed; kept for its articles
  articles INTEGER NOT NULL DEFAULT 0, -- relevant ones
  newest INTEGER
) WITHOUT ROWID;

CREATE TABLE feed (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL REFERENCES source (slug), url TEXT NOT NULL, kind TEXT NOT NULL, selector TEXT NOT NULL, title TEXT NOT NULL,
  state TEXT NOT NULL, etag TEXT NOT NULL, last_modified TEXT NOT NULL, body_hash TEXT NOT NULL,
  checked INTEGER, changed INTEGER, read INTEGER, interval INTEGER NOT NULL,
  next INTEGER, failures INTEGER NOT NULL, class TEXT NOT NULL, error TEXT NOT NULL, since INTEGER,
  damaged INTEGER NOT NULL, items INTEGER NOT NULL,
  extra TEXT NOT NULL, -- Move and Hub as JSON
  UNIQUE (source, url)
);
CREATE INDEX feed_next ON feed (next) WHERE state <> 'gone';

CREATE TABLE item (
  id INTEGER PRIMARY KEY,
  feed INTEGER NOT NULL, source TEXT NOT NULL,
  key TEXT NOT NULL, -- identity within the feed
  alias TEXT NOT NULL, -- the key without scheme and host
  place TEXT NOT NULL, -- the address without scheme and www.
  title TEXT NOT NULL, hash TEXT NOT NULL, published INTEGER, seen INTEGER NOT NULL,
  due INTEGER, -- when to open the page; NULL: opened
  failures INTEGER NOT NULL DEFAULT 0, class TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '', since INTEGER,
  article INTEGER, -- NULL: never opened
  body BLOB NOT NULL, -- the rest of the item, JSON, compressed
  UNIQUE (feed, key)
);
CREATE INDEX item_alias ON item (feed, alias);
CREATE INDEX item_place ON item (feed, place);
CREATE INDEX item_due ON item (source, due, id) WHERE due IS NOT NULL;
CREATE INDEX item_article ON item (article) WHERE article IS NOT NULL;

-- id is time-ordered, so that the newest articles come first out of every
-- index; touched is the number of the last write that changed the row or its
-- place in the index, so that what is kept in memory can catch up.
CREATE TABLE article (
  id INTEGER PRIMARY KEY,
  identity BLOB NOT NULL UNIQUE, -- hash of the canonical address without scheme and www.
  source TEXT NOT NULL, url TEXT NOT NULL,
  canonical TEXT NOT NULL, -- '' if it is the url
  title TEXT NOT NULL, byline TEXT NOT NULL,
  published INTEGER, dated TEXT NOT NULL, modified INTEGER, language TEXT NOT NULL, summary TEXT NOT NULL, image TEXT NOT NULL,
  method TEXT NOT NULL, first_seen INTEGER, revision INTEGER NOT NULL, hash BLOB NOT NULL,
  hidden INTEGER NOT NULL, rules TEXT NOT NULL, marks TEXT NOT NULL, -- mentions and topics of a list row, JSON
  claims INTEGER NOT NULL, story INTEGER NOT NULL DEFAULT 0,
  touched INTEGER NOT NULL
);
CREATE INDEX article_rules ON article (rules, id);
CREATE INDEX article_touched ON article (touched);

CREATE TABLE body (article INTEGER PRIMARY KEY, text BLOB NOT NULL, html BLOB NOT NULL, links BLOB NOT NULL);
CREATE TABLE raw (article INTEGER PRIMARY KEY, page BLOB NOT NULL);

-- Earlier texts of articles that changed.
CREATE TABLE revision (
  article INTEGER NOT NULL, revision INTEGER NOT NULL, title TEXT NOT NULL, replaced INTEGER NOT NULL, text BLOB NOT NULL,
  PRIMARY KEY (article, revision)
) WITHOUT ROWID;

CREATE TABLE reading (article INTEGER PRIMARY KEY, language TEXT NOT NULL, reason TEXT NOT NULL, score REAL NOT NULL, detail BLOB NOT NULL);

CREATE TABLE claim (
  id INTEGER PRIMARY KEY,
  article INTEGER NOT NULL, -- 0 for an import
  source TEXT NOT NULL DEFAULT '', -- of an import
  cluster TEXT NOT NULL, metric TEXT NOT NULL, lo REAL, hi REAL, currency TEXT NOT NULL,
  identity TEXT NOT NULL, -- what makes two claims of one article equal
  claim TEXT NOT NULL, -- JSON
  added INTEGER NOT NULL, withdrawn INTEGER
);
CREATE INDEX claim_article ON claim (article);
CREATE INDEX claim_cluster ON claim (cluster, article) WHERE withdrawn IS NULL;
CREATE INDEX claim_number ON claim (metric, hi, lo) WHERE withdrawn IS NULL AND hi IS NOT NULL;

-- How often each company stands in the relevant articles of a day.
CREATE TABLE company_day (
  day INTEGER NOT NULL, company TEXT NOT NULL, articles INTEGER NOT NULL, subject INTEGER NOT NULL,
  PRIMARY KEY (day, company)
) WITHOUT ROWID;
CREATE TABLE language_total (language TEXT PRIMARY KEY, articles INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE company_total (company TEXT PRIMARY KEY, articles INTEGER NOT NULL, subject INTEGER NOT NULL) WITHOUT ROWID;

CREATE VIRTUAL TABLE search USING fts5 (
  title, body, tags,
  content = '', contentless_delete = 1,
  tokenize = "ascii tokenchars '=-.$&+#'"
);
-- Segments are merged eight at a time: each posting is written again less often
-- than with the default of four, and a query still looks into few of them.
INSERT INTO search (search, rank) VALUES ('automerge', 8);
