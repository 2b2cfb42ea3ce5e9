package store

import (
	"encoding/json"
	"fmt"
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

// codec compresses texts. Both coders may be used from many goroutines.
type codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

func newCodec() (*codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(2), zstd.WithEncoderCRC(false), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(4), zstd.WithDecoderMaxMemory(256<<20))
	return &codec{enc, dec}, err
}

// small is the length below which compression gains nothing.
const small = 64

// pack compresses; the first byte says whether it did.
func (c *codec) pack(b []byte) []byte {
	if len(b) == 0 {
		return []byte{}
	}
	if len(b) >= small {
		if out := c.enc.EncodeAll(b, append(make([]byte, 0, len(b)/2+16), 'z')); len(out) <= len(b) {
			return out
		}
	}
	return plain(b)
}

// plain is what pack gives where it does not compress: for what is read much
// more often than it is written, and has little to gain.
func plain(b []byte) []byte { return append([]byte{'p'}, b...) }

func (c *codec) unpack(b []byte) ([]byte, error) {
	if len(b) == 0 {
		return nil, nil
	}
	switch b[0] {
	case 'p':
		return b[1:], nil
	case 'z':
		return c.dec.DecodeAll(b[1:], nil)
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
