// Package story decides which articles report one event, who of them reported
// it and who repeated it, and which of them should lead.
//
// Matching uses no model. An article becomes Features: the stems of its words
// weighed by how rare they are in headlines, concepts that a word list shares
// across languages, figures with their units, and the companies and clusters
// that reading found. A story is the sum of its articles' features; an article
// joins the story whose direction is nearest to its own, if it is near enough:
// the cosine of the two, halved for each twelve hours between the article's own
// date and the story's. In a batch all articles are known before any is placed:
// there a story of many articles, which has a clearer direction, asks for less
// of the next one, and each is compared by what its neighbours say as well.
//
// Construct a Matcher with New. Featurize reads one article; Decide finds the
// story of one article among its neighbours; Group finds the stories of many
// articles at once, whatever their order; Weigh tells origin from echo within a
// story and picks the lead. All of it is pure: dates are the articles' own, and
// the clock is never asked. Nothing is stored.
package story
