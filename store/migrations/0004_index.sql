-- The body is the first column of the index now: every posting of another
-- column names it, which takes two bytes, and nine of ten are of the body.
-- Articles are put into the new index a few at a time, see reindex.go.
DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5 (
  body, title, tags,
  content = '', contentless_delete = 1,
  tokenize = "ascii tokenchars '=-.$&+#'"
);
INSERT INTO search (search, rank) VALUES ('automerge', 8);

-- The first article that the new index lacks, 0 if it has all.
INSERT INTO state SELECT 'unindexed', coalesce(min(id), 0) FROM article;

-- What texts have in common, so that each need not say it again. A text names
-- the one that it was compressed with; none is ever changed. Each is kept
-- twice, since without it no text could be read.
CREATE TABLE dictionary (
  id INTEGER NOT NULL, copy INTEGER NOT NULL, made INTEGER NOT NULL, hash BLOB NOT NULL, content BLOB NOT NULL,
  PRIMARY KEY (id, copy)
);
