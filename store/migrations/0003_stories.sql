-- Stories: the articles that report one event. An id is for good; a story that
-- was merged away points at the survivor.
CREATE TABLE story (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  into_story INTEGER NOT NULL DEFAULT 0,
  articles INTEGER NOT NULL DEFAULT 0, independent INTEGER NOT NULL DEFAULT 0,
  first INTEGER, last INTEGER, -- ids of its earliest and latest article
  lead INTEGER NOT NULL DEFAULT 0, lead_rule TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
  rank REAL NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL,
  due INTEGER NOT NULL DEFAULT 1 -- to be weighed
);
CREATE INDEX story_rank ON story (rank) WHERE articles > 0;
CREATE INDEX story_last ON story (last) WHERE articles > 0;
CREATE INDEX story_changed ON story (changed);
CREATE INDEX story_due ON story (id) WHERE due = 1;

CREATE TABLE story_article (
  article INTEGER PRIMARY KEY, story INTEGER NOT NULL,
  score REAL NOT NULL, reason TEXT NOT NULL,
  revision INTEGER NOT NULL, -- of the article when it was placed
  origin INTEGER NOT NULL DEFAULT 0, standing TEXT NOT NULL DEFAULT '',
  terms BLOB NOT NULL, features BLOB NOT NULL
);
CREATE INDEX story_article_story ON story_article (story, article);

CREATE TABLE story_log (
  id INTEGER PRIMARY KEY, story INTEGER NOT NULL, article INTEGER NOT NULL, gone INTEGER NOT NULL,
  score REAL NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE INDEX story_log_story ON story_log (story);

-- The telling terms of articles as hashes. Ids of articles follow their dates,
-- so that a term's articles of some days are one stretch.
CREATE TABLE story_term (term INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (term, article)) WITHOUT ROWID;

-- Every article that was last touched before this write has its story.
INSERT INTO state VALUES ('stories', 0);
