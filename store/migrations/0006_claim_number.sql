-- With all that a condition on numbers asks of a claim, so that its row need
-- not be read.
DROP INDEX claim_number;
CREATE INDEX claim_number ON claim (metric, hi, lo, currency, article, withdrawn) WHERE withdrawn IS NULL AND hi IS NOT NULL;
