package news

// Quality is how right the rules are, measured on sets of texts with labels.
type Quality struct {
	Rules string       `json:"rules,omitempty"` // version of the rules that were measured, where it is known
	Sets  []QualitySet `json:"sets"`
}

// QualitySet is what the rules answered to one question on one set of texts.
type QualitySet struct {
	ID       string          `json:"id"`       // "companies"
	Question string          `json:"question"` // what was asked of each text, for a person
	Labels   string          `json:"labels"`   // who labelled the texts, and under what licence
	Texts    int             `json:"texts"`
	Negative int             `json:"negative"` // texts to which nothing is the right answer
	Figures  []QualityFigure `json:"figures"`  // the overall one first
}

// QualityFigure is how right the answers of one kind were. Precision is the
// share of answers that are right, Recall the share of what is right that was
// found, F1 their harmonic mean; each from 0 to 1, with four digits.
type QualityFigure struct {
	By        string  `json:"by"`  // "all", "company", "language", "metric", "topic", "part" or "first run"
	Key       string  `json:"key"` // which of them, "" of all
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Right     int     `json:"right"`
	Wrong     int     `json:"wrong"`
	Missed    int     `json:"missed"`
}
