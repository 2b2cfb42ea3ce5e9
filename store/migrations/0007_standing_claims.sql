-- The claims that stand about clusters, and those of one metric among them, in
-- the order in which they are listed.
CREATE INDEX claim_standing ON claim (article DESC, id) WHERE withdrawn IS NULL AND cluster <> '';
CREATE INDEX claim_metric ON claim (metric, article DESC, id) WHERE withdrawn IS NULL AND cluster <> '';
