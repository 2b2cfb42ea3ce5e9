package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// body receives and decodes the body of one answer, within its limits.
type body struct {
	limits  Limits
	purpose Purpose
	cancel  context.CancelCauseFunc
}

// receive reads a body as it was sent. It gives up when less than 1 KiB comes
// in any window of Limits.Progress.
func (b body) receive(resp *http.Response) ([]byte, error) {
	limit, _ := b.limits.sizes(b.purpose)
	if resp.ContentLength > limit {
		return nil, fail(ClassTooLarge, "%d bytes, more than %d", resp.ContentLength, limit)
	}
	watch := time.AfterFunc(b.limits.Progress, func() { b.cancel(errTooSlow) })
	defer watch.Stop()
	steady := &steadyReader{from: resp.Body, onProgress: func() { watch.Reset(b.limits.Progress) }}
	buffer := bytes.NewBuffer(make([]byte, 0, max(resp.ContentLength, 512)+bytes.MinRead))
	n, err := buffer.ReadFrom(io.LimitReader(steady, limit+1))
	if err != nil {
		return nil, err
	}
	if n > limit {
		return nil, fail(ClassTooLarge, "more than %d bytes", limit)
	}
	return buffer.Bytes(), nil
}

// steadyReader tells of every progressBytes that came through it.
type steadyReader struct {
	from       io.Reader
	onProgress func()
	since      int
}

func (s *steadyReader) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if s.since += n; s.since >= progressBytes {
		s.since = 0
		s.onProgress()
	}
	return n, err
}

// decode undoes the one content coding that an answer may have. A body that is
// plain text in spite of its header is taken as it is, and plain is true.
func (b body) decode(sent []byte, header []string) (decoded []byte, plain bool, err error) {
	_, limit := b.limits.sizes(b.purpose)
	codings := codings(header)
	switch {
	case len(sent) == 0:
		return nil, false, nil
	case len(codings) > 1:
		return nil, false, fail(ClassEncoding, "%d content codings: %s", len(codings), strings.Join(codings, ", "))
	case len(codings) == 0 && b.purpose == forRobots:
		return sent[:min(len(sent), maxRobots)], false, nil
	case len(codings) == 0 && int64(len(sent)) > limit:
		return nil, false, fail(ClassDecodedTooBig, "more than %d bytes", limit)
	case len(codings) == 0:
		return sent, false, nil
	}
	from := bytes.NewReader(sent)
	reader, err := decoder(codings[0], from)
	if err == nil {
		decoded, err = b.drain(reader, from, len(sent), limit)
	}
	var refused *Error
	switch {
	case err == nil:
		return decoded, false, nil
	case errors.As(err, &refused):
		return nil, false, refused
	case looksPlain(sent):
		return sent, true, nil
	}
	return nil, false, &Error{Class: ClassEncoding, Err: err}
}

// drain reads what a decoder gives, up to limit and to the greatest ratio.
func (b body) drain(reader io.Reader, from *bytes.Reader, sent int, limit int64) ([]byte, error) {
	if closer, ok := reader.(interface{ Close() }); ok {
		defer closer.Close()
	}
	if b.purpose == forRobots {
		return io.ReadAll(io.LimitReader(reader, maxRobots))
	}
	var out []byte
	chunk := make([]byte, 32<<10)
	for {
		n, err := reader.Read(chunk)
		out = append(out, chunk[:n]...)
		used := max(sent-from.Len(), 1)
		switch {
		case int64(len(out)) > limit:
			return nil, fail(ClassDecodedTooBig, "more than %d bytes once decoded", limit)
		case len(out) > ratioFrom && len(out)/used > maxRatio:
			return nil, fail(ClassDecodedTooBig, "decodes to more than %d times what was sent", maxRatio)
		case err == io.EOF:
			return out, nil
		case err != nil:
			return nil, err
		}
	}
}

// codings lists the content codings of an answer, without identity.
func codings(header []string) []string {
	var all []string
	for _, name := range strings.Split(strings.Join(header, ","), ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "" && name != "identity" {
			all = append(all, name)
		}
	}
	return all
}

// decoder undoes one content coding.
func decoder(coding string, from *bytes.Reader) (io.Reader, error) {
	switch coding {
	case "gzip", "x-gzip":
		return newMembers(from)
	case "br":
		return brotli.NewReader(from), nil
	case "zstd":
		return zstd.NewReader(from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow))
	case "deflate":
		// RFC 9110 means zlib by it; some servers send the bare stream.
		if r, err := zlib.NewReader(from); err == nil {
			return r, nil
		}
		from.Reset(remaining(from))
		return flate.NewReader(from), nil
	}
	return nil, fail(ClassEncoding, "content coding %q, which we did not offer", coding)
}

// remaining gives all bytes of r, from its start.
func remaining(r *bytes.Reader) []byte {
	all := make([]byte, r.Size())
	n, _ := r.ReadAt(all, 0)
	return all[:n]
}

// members reads the members of a gzip stream one after the other. What follows
// the last one and is none is passed over, as browsers do.
type members struct {
	from *bytes.Reader
	gz   *gzip.Reader
}

func newMembers(from *bytes.Reader) (*members, error) {
	gz, err := gzip.NewReader(from)
	if err != nil {
		return nil, err
	}
	gz.Multistream(false)
	return &members{from: from, gz: gz}, nil
}

func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.gz.Read(p)
		if n > 0 && err == io.EOF {
			return n, nil // the end comes back with the next call
		}
		if err != io.EOF {
			return n, err
		}
		magic := make([]byte, 2)
		if n, _ := m.from.ReadAt(magic, m.from.Size()-int64(m.from.Len())); n < 2 || magic[0] != 0x1f || magic[1] != 0x8b {
			return 0, io.EOF
		}
		if err := m.gz.Reset(m.from); err != nil {
			return 0, err
		}
		m.gz.Multistream(false)
	}
}

// looksPlain reports whether bytes are the start of XML, HTML or JSON as text.
func looksPlain(b []byte) bool {
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(b) == 0 || !slices.Contains([]byte("<{["), b[0]) {
		return false
	}
	return !slices.ContainsFunc(b[:min(len(b), 512)], func(c byte) bool {
		return c < ' ' && c != '\t' && c != '\r' && c != '\n'
	})
}
