-- Sites that articles name and the registry of clusters lacks.
CREATE TABLE candidate (
  slug TEXT NOT NULL, article INTEGER NOT NULL, name TEXT NOT NULL, company TEXT NOT NULL, evidence TEXT NOT NULL, -- JSON
  PRIMARY KEY (slug, article)
) WITHOUT ROWID;
CREATE INDEX candidate_article ON candidate (article);

-- Those that a person rejected. One that was confirmed is a cluster, listed 3.
CREATE TABLE rejected (slug TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;

-- The claims of a company.
CREATE INDEX claim_org ON claim (claim ->> 'org', article) WHERE withdrawn IS NULL;
