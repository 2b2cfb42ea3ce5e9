// Package claim reads what an article claims about AI clusters: how many
// accelerators, how much power, money, floor and water, when and where, who
// says so, and how real it is. Each claim holds the smallest clause that
// states it, verbatim, and its byte offsets.
//
// Construct a Reader with New, which loads the data files embedded from data/:
// the words of ten languages (en, it, de, fr, es, pt, nl, zh, ja, ko), the
// accelerators, the registry of clusters and a gazetteer. Call Reader.Read
// with a text and the companies that feeds/tag found in it; call
// Reader.Verify to check that a stored claim still stands in its text. Weigh
// sets the statements of many articles side by side.
//
// The line inside: tokens (token.go) are cut into sentences (sentence.go) and
// looked up in one lexicon (lexicon.go); figures are read with their scale,
// unit, currency and hedge (numbers.go, quantity.go); what a figure counts
// decides whether it is a claim (chips.go, chipclaims.go, measures.go, gates.go),
// and of power and money what licenses it as a site's (license.go, carrier.go).
// Whether a measure, an amount, jobs or a date is published is weighed by all that
// speaks for it and against it (evidence.go, publish.go), by weights that are
// fitted to the labelled texts (data/evidence.txt); Reader.Figures explains it;
// the words around it give modality, basis, organization, speaker and date
// (cues.go, orgs.go, dates.go); where a site stands say the places that stand with
// it (places.go, sites.go, towns.go), else what the text as a whole tells (where.go,
// leads.go); a headline is read with what follows it (headline.go); the cluster is that of its
// own clause, else of the sentence, else of the paragraph or the whole text
// (clusters.go, attribute.go), unless it is a figure of what only serves the
// site (plants.go); what the text says as a whole settles the modality that is
// left open (settle.go). When in doubt there is no claim: a wrong number is
// worse than a missing one.
//
// Claim.Chip is empty where a text counts "GPUs" and names none: naming one
// would be a guess. The package stores nothing.
package claim
