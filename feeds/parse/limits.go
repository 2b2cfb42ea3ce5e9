package parse

// Limits on what one document may cost. All are far above honest feeds.
const (
	maxItems      = 1000      // items given: the newest
	maxListed     = 100_000   // items of JSON Feed looked at for the newest
	maxDepth      = 256       // elements open at once; deeper is an Error "too_complex"
	maxNodes      = 200_000   // elements kept at a time
	maxItemNodes  = 20_000    // elements kept of one item
	maxPrefixes   = 64        // namespaces declared at one place
	maxAttributes = 64        // of one element
	maxValue      = 64 << 10  // bytes of one attribute
	maxField      = 512 << 10 // bytes of one element's own text
	maxContent    = 8 << 20   // bytes of the HTML of all items; the rest come without theirs
	maxTitle      = 512       // runes
	maxName       = 128       // runes of an author or category
	maxSummary    = 4096      // runes
	maxGUID       = 1024      // bytes; a longer one is known by its SHA-256
	maxPeople     = 32        // authors of one item
	maxCategories = 32        // of one item
	maxEnclosures = 16        // of one item
	maxEntities   = 64        // declared by a document type
	maxEntity     = 256       // bytes that an entity may stand for
	maxExpanded   = 64 << 10  // bytes that all uses of declared entities may add
	maxSitemaps   = 1000      // files named by one sitemap index
	maxOutlines   = 5000      // feeds of one OPML file
	maxFolders    = 32        // nested folders of one OPML file
)
