package news

// Reading is everything concluded from one article. It can be thrown away
// and recomputed.
type Reading struct {
	Article  int64 // Article.ID
	Language string
	Rules    string // version of the rules that made it
	Verdict  Verdict
	Mentions []Mention
	Topics   []TopicTag
	Clusters []ClusterTag
	Claims   []Claim

	Candidates []Candidate // sites that it names and the registry lacks
}

// Verdict says whether an article is about AI infrastructure.
type Verdict struct {
	Relevant bool    `json:"relevant"`
	Score    float64 `json:"score"`  // 0 to 1, relevant from 0.5
	Reason   string  `json:"reason"` // one line, for a person
}

// Evidence is a verbatim quote: Quote == text[Start:End] of the article's
// text, or of its title where In is "title".
type Evidence struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Quote string `json:"quote"`
	In    string `json:"in,omitempty"` // "" for the text, "title" for the title
}

// InTitle is the value of Evidence.In for a quote from the title.
const InTitle = "title"

// Role is what an article says of a company that it names.
type Role string

// The roles of a mention.
const (
	RoleSubject   Role = "subject"   // the article is about it
	RoleMentioned Role = "mentioned" // it is named in passing
)

// Mention says that an article names a company.
type Mention struct {
	Company  string     `json:"slug"` // Company.Slug
	Role     Role       `json:"role"`
	Rule     string     `json:"rule"` // which rule of the registry matched, for a person
	Evidence []Evidence `json:"evidence"`
}

// Company is an organization that we tag.
type Company struct {
	Slug    string
	Name    string
	Country string // ISO 3166-1 alpha-2 of its seat
	Kind    string // lab, cloud, chips, developer, miner, utility, investor, systems, network, other
	Site    string
}

// Topic is what an article is about, besides whom.
type Topic string

// The topics.
const (
	TopicPower        Topic = "power"
	TopicWater        Topic = "water"
	TopicChips        Topic = "chips"
	TopicNetworking   Topic = "networking"
	TopicCooling      Topic = "cooling"
	TopicConstruction Topic = "construction"
	TopicFinancing    Topic = "financing"
	TopicPolicy       Topic = "policy"
	TopicCommunity    Topic = "community"
	TopicEnvironment  Topic = "environment"
	TopicModels       Topic = "models"
	TopicCloud        Topic = "cloud"
)

// Topics lists every topic, in the order in which pages show them.
func Topics() []Topic {
	return []Topic{TopicPower, TopicWater, TopicChips, TopicNetworking, TopicCooling, TopicConstruction,
		TopicFinancing, TopicPolicy, TopicCommunity, TopicEnvironment, TopicModels, TopicCloud}
}

// TopicTag says that an article is about a topic, and why.
type TopicTag struct {
	Topic    Topic      `json:"topic"`
	Evidence []Evidence `json:"evidence"`
}

// ClusterTag says that an article names a cluster of the registry.
type ClusterTag struct {
	Cluster  string     `json:"slug"` // Cluster.Slug
	Evidence []Evidence `json:"evidence"`
}

// Candidate is a site or a machine that an article names and the registry of
// clusters lacks. A person confirms or rejects it.
type Candidate struct {
	Slug     string // what the name is known by, however it is written
	Name     string
	Company  string // Company.Slug of the company named with it, "" for none
	Evidence        // the clause that names it
}

// CandidateCount is a candidate with how often it is named.
type CandidateCount struct {
	Slug     string
	Name     string
	Company  string // the one named with it most
	Articles int    // that name it
	Sources  int
	Rejected bool
	Newest   Statement // Claim.Evidence, Article, Title, URL, Source and Published of the newest that does
}
