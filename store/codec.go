package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"
)

// micros is how a time is stored: microseconds since 1970, nil for no time.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// instant reads what micros wrote.
type instant struct{ t time.Time }

// Scan implements sql.Scanner.
func (i *instant) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		i.t = time.Time{}
	case int64:
		i.t = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("a time is stored as %T", v)
	}
	return nil
}

// codec compresses texts. It may be used from many goroutines.
type codec struct {
	enc  atomic.Pointer[encoder]
	dec  atomic.Pointer[zstd.Decoder] // with all dictionaries
	more func() error                 // takes over the dictionaries made since
}

// encoder compresses with the newest dictionary, or alone while there is none.
// There is one at a time: each holds some megabytes.
type encoder struct {
	*zstd.Encoder
	kind byte // the first byte of what it made: 'd' with a dictionary, 'z' alone
}

// newCodec returns a codec without dictionaries. more is called when a text
// names one that it does not have.
func newCodec(more func() error) (*codec, error) {
	alone, err := zstd.NewWriter(nil, encoding(zstd.SpeedDefault)...)
	if err != nil {
		return nil, err
	}
	c := &codec{more: more}
	c.enc.Store(&encoder{alone, 'z'})
	return c, c.use(nil)
}

// window is how far back a repetition is found: longer than all texts and
// most pages. Each encoder holds twice as much memory.
const window = 512 << 10

func encoding(level zstd.EncoderLevel, more ...zstd.EOption) []zstd.EOption {
	return append(more, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(2), zstd.WithEncoderCRC(false),
		zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(window))
}

// use takes over dictionaries, oldest first. With a dictionary the fastest
// level compresses within two parts in a hundred of the slower ones.
func (c *codec) use(list []dictionary) error {
	options := []zstd.DOption{zstd.WithDecoderConcurrency(4), zstd.WithDecoderMaxMemory(256 << 20)}
	for _, d := range list {
		options = append(options, zstd.WithDecoderDictRaw(d.id, d.content))
	}
	dec, err := zstd.NewReader(nil, options...)
	if err != nil {
		return err
	}
	c.dec.Store(dec)
	if len(list) == 0 {
		return nil
	}
	newest := list[len(list)-1]
	shared, err := zstd.NewWriter(nil, encoding(zstd.SpeedFastest, zstd.WithEncoderDictRaw(newest.id, newest.content))...)
	if err == nil {
		c.enc.Store(&encoder{shared, 'd'})
	}
	return err
}

// small is the length below which compression gains nothing.
const small = 64

// pack compresses; the first byte says how: plain, alone or with a dictionary.
func (c *codec) pack(b []byte) []byte {
	if len(b) == 0 {
		return []byte{}
	}
	if len(b) >= small {
		enc := c.enc.Load()
		if out := enc.EncodeAll(b, append(make([]byte, 0, len(b)/2+16), enc.kind)); len(out) <= len(b) {
			return out
		}
	}
	return plain(b)
}

// plain is what pack gives where it does not compress: for what is read much
// more often than it is written, and has little to gain.
func plain(b []byte) []byte { return append([]byte{'p'}, b...) }

// unpack returns what was packed, as a copy.
func (c *codec) unpack(b []byte) ([]byte, error) { return c.unpackTo(nil, b) }

// unpackTo appends what was packed to a buffer.
func (c *codec) unpackTo(buffer, b []byte) ([]byte, error) {
	if len(b) == 0 {
		return buffer, nil
	}
	switch b[0] {
	case 'p':
		return append(buffer, b[1:]...), nil
	case 'z', 'd':
		out, err := c.dec.Load().DecodeAll(b[1:], buffer)
		if errors.Is(err, zstd.ErrUnknownDictionary) {
			if err := c.more(); err != nil {
				return nil, err
			}
			out, err = c.dec.Load().DecodeAll(b[1:], buffer)
		}
		return out, err
	}
	return nil, fmt.Errorf("a stored text begins with %q", b[0])
}

func (c *codec) packText(s string) []byte { return c.pack([]byte(s)) }

func (c *codec) unpackText(b []byte) (string, error) {
	out, err := c.unpack(b)
	return string(out), err
}

func (c *codec) packJSON(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	return c.pack(b), err
}

func (c *codec) unpackJSON(b []byte, v any) error {
	out, err := c.unpack(b)
	if err != nil || len(out) == 0 {
		return err
	}
	return json.Unmarshal(out, v)
}

// toJSON is for values that can't fail to be written.
func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}
