package news

// Metric is what a Claim counts or measures. Units are fixed by the metric.
type Metric string

// The metrics and their units.
const (
	MetricChips      Metric = "chips"        // count, with Claim.Chip
	MetricH100e      Metric = "h100e"        // H100 equivalents
	MetricPower      Metric = "power_mw"     // MW
	MetricCost       Metric = "cost"         // amount, with Claim.Currency
	MetricExaflops   Metric = "exaflops"     // EFLOP/s
	MetricArea       Metric = "area_m2"      // m²
	MetricWater      Metric = "water_m3_day" // m³ a day
	MetricBuildDays  Metric = "build_days"   // days
	MetricOnlineDate Metric = "online_date"  // fuzzy date in ValueText
	MetricLocation   Metric = "location"     // place as written in ValueText
	MetricJobs       Metric = "jobs"         // count
)

// Metrics lists every metric, in the order in which pages show them.
func Metrics() []Metric {
	return []Metric{MetricChips, MetricH100e, MetricPower, MetricCost, MetricExaflops, MetricArea, MetricWater,
		MetricBuildDays, MetricOnlineDate, MetricLocation, MetricJobs}
}

// Basis says what exactly is counted, where the text states it. It is never
// guessed, and values of different bases are never compared.
type Basis string

// The bases, by metric.
const (
	BasisNone Basis = "" // not stated

	BasisInstalled Basis = "installed" // chips
	BasisOrdered   Basis = "ordered"   // chips
	BasisPlanned   Basis = "planned"   // chips
	BasisPermitted Basis = "permitted" // chips

	BasisStated  Basis = "stated"  // h100e
	BasisDerived Basis = "derived" // h100e

	BasisIT       Basis = "it"       // power
	BasisFacility Basis = "facility" // power
	BasisGrid     Basis = "grid"     // power
	BasisOnsite   Basis = "onsite"   // power
	BasisBackup   Basis = "backup"   // power

	BasisHardware     Basis = "hardware"     // cost
	BasisConstruction Basis = "construction" // cost, jobs
	BasisTotal        Basis = "total"        // cost
	BasisCommitment   Basis = "commitment"   // cost
	BasisLease        Basis = "lease"        // cost
	BasisFinancing    Basis = "financing"    // cost

	BasisBuilding Basis = "building" // area
	BasisSite     Basis = "site"     // area

	BasisUse    Basis = "use"    // water
	BasisPermit Basis = "permit" // water

	BasisPhase Basis = "phase" // online date
	BasisFull  Basis = "full"  // online date

	BasisPermanent Basis = "permanent" // jobs
)

// Modality says how real the thing is that a claim is about.
type Modality string

// The modalities.
const (
	Operational       Modality = "operational"
	UnderConstruction Modality = "under_construction"
	Planned           Modality = "planned"
	Rumored           Modality = "rumored"
	Denied            Modality = "denied"
	Cancelled         Modality = "cancelled"
)

// Qualifier says how a value was hedged.
type Qualifier string

// The qualifiers. Lo is the bound of AtLeast, Hi that of AtMost.
const (
	Exact   Qualifier = "exact"
	Approx  Qualifier = "approx"
	AtLeast Qualifier = "at_least"
	AtMost  Qualifier = "at_most"
	Range   Qualifier = "range"
)

// OrgRole is what an organization is to a cluster.
type OrgRole string

// The roles of an organization.
const (
	OrgOwner         OrgRole = "owner"
	OrgOperator      OrgRole = "operator"
	OrgDeveloper     OrgRole = "developer"
	OrgTenant        OrgRole = "tenant"
	OrgUser          OrgRole = "user"
	OrgInvestor      OrgRole = "investor"
	OrgChipVendor    OrgRole = "chip_vendor"
	OrgPowerSupplier OrgRole = "power_supplier"
)

// Claim is one checkable statement about a cluster or company, with the
// quote that it was read from. Claims are append-only.
//
// For exact, approx and single-sided values ValueLo and ValueHi are both the
// stated number; they differ in a range alone. Places and dates stand in
// ValueText and leave both nil: nil is "not a number", never 0.
type Claim struct {
	ID        int64     `json:"-"`
	Metric    Metric    `json:"metric"`
	ValueLo   *float64  `json:"value_lo"`
	ValueHi   *float64  `json:"value_hi"`
	ValueText string    `json:"value_text,omitempty"`
	Qualifier Qualifier `json:"qualifier"`
	Unit      string    `json:"unit"`
	Currency  string    `json:"currency,omitempty"` // ISO 4217
	Chip      string    `json:"chip,omitempty"`     // as the registry names it: "H100", "GB200", "TPU v7"
	Basis     Basis     `json:"basis,omitempty"`
	Modality  Modality  `json:"modality,omitempty"`
	Cluster   string    `json:"cluster,omitempty"` // Cluster.Slug
	Phase     string    `json:"phase,omitempty"`
	Org       string    `json:"org,omitempty"` // Company.Slug
	OrgRole   OrgRole   `json:"org_role,omitempty"`
	Speaker   string    `json:"speaker,omitempty"` // who says so, as written
	Date      string    `json:"date,omitempty"`    // when it was said or true: 2024-09-02, 2024-09, 2024-Q3, 2024
	Method    string    `json:"method,omitempty"`  // "" read from text, "import" from a database
	Evidence
}

// Cluster is a named site or machine full of accelerators.
type Cluster struct {
	Slug     string
	Name     string
	Aliases  []string
	Operator string // Company.Slug, "" if unknown
	Owner    string
	Place    string
	Country  string // ISO 3166-1 alpha-2
	Note     string // what it is confused with
}
