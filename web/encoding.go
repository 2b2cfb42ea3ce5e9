package web

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// encoders compress replies. Safe for concurrent use.
type encoders struct {
	zstd *zstd.Encoder
	gzip sync.Pool
	br   sync.Pool
}

// brotliLevel is where brotli is about as quick as gzip and still smaller.
const brotliLevel = 4

func newEncoders() (*encoders, error) {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, err
	}
	return &encoders{
		zstd: z,
		gzip: sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }},
		br:   sync.Pool{New: func() any { return brotli.NewWriterLevel(io.Discard, brotliLevel) }},
	}, nil
}

// codings are the content codings that we offer, best first among those that
// a client likes equally: the smallest for what is kept, the quickest for what
// is made for one answer.
func codings(kept bool) []string {
	if kept {
		return []string{"br", "zstd", "gzip"}
	}
	return []string{"zstd", "br", "gzip"}
}

// smallest is the length below which compression gains nothing.
const smallest = 860

// choose picks a content coding, "" for none.
func (e *encoders) choose(accept, contentType string, length int, kept bool) string {
	if length < smallest || accept == "" || !compressible(contentType) {
		return ""
	}
	weights := parseWeights(accept)
	best, bestQ := "", 0.0
	for _, c := range codings(kept) {
		q, named := weights[c]
		if !named {
			q = weights["*"]
		}
		if q > bestQ {
			best, bestQ = c, q
		}
	}
	if q, named := weights["identity"]; named && q > bestQ {
		return ""
	}
	return best
}

func compressible(contentType string) bool {
	for _, part := range []string{"text/", "json", "yaml", "xml", "javascript"} {
		if strings.Contains(contentType, part) {
			return true
		}
	}
	return false
}

// parseWeights reads a list of names with weights (RFC 9110 section 12.4.2).
// An entry whose q is not a weight is dropped: it says nothing that we
// understand, so it asks for nothing.
func parseWeights(header string) map[string]float64 {
	weights := map[string]float64{}
	for _, entry := range strings.Split(header, ",") {
		name, params, _ := strings.Cut(entry, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "" {
			continue
		}
		if q, ok := weight(params); ok {
			weights[name] = q
		}
	}
	return weights
}

// weight finds q among parameters; 1 if none is given.
func weight(params string) (float64, bool) {
	for _, p := range strings.Split(params, ";") {
		key, value, found := strings.Cut(strings.TrimSpace(p), "=")
		if !found || !strings.EqualFold(key, "q") {
			continue
		}
		if len(value) == 0 || len(value) > 5 || value[0] != '0' && value[0] != '1' || strings.Trim(value, "0123456789.") != "" {
			return 0, false
		}
		q, err := strconv.ParseFloat(value, 64)
		return q, err == nil && q >= 0 && q <= 1
	}
	return 1, true
}

// encode compresses body whole.
func (e *encoders) encode(coding string, body []byte) []byte {
	if coding == "zstd" {
		return e.zstd.EncodeAll(body, make([]byte, 0, len(body)/3))
	}
	var buf bytes.Buffer
	switch coding {
	case "gzip":
		w := e.gzip.Get().(*gzip.Writer)
		defer e.gzip.Put(w)
		w.Reset(&buf)
		finish(w, body)
	case "br":
		w := e.br.Get().(*brotli.Writer)
		defer e.br.Put(w)
		w.Reset(&buf)
		finish(w, body)
	}
	return buf.Bytes()
}

// finish writes body and closes w. Neither can fail: what is underneath is a
// buffer in memory.
func finish(w io.WriteCloser, body []byte) {
	_, _ = w.Write(body)
	_ = w.Close()
}
