-- What a publisher asks of language models, recorded with the text it speaks of.
ALTER TABLE body ADD COLUMN no_ai INTEGER NOT NULL DEFAULT 0;
