package story

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"time"
)

// packedForm is the first byte of packed features. Those of the first releases
// were JSON, and begin with a brace; those after them had no endings.
const (
	packedForm     = 3
	withoutEndings = 2
)

// weightSteps is how finely weights, which are from 0 to 1, are packed.
const weightSteps = math.MaxUint16 >> 1

// Pack writes features for a store to keep. They are read for each of an
// article's neighbours, so that reading them must cost next to nothing: lengths
// are varints, weights are 16 bits with the mark of a neutral term in the
// lowest, and all strings lie together at the end.
func (f Features) Pack() []byte {
	out := make([]byte, 1, 64+9*len(f.Terms)+4*len(f.Sketch)+8*len(f.Links))
	out[0] = packedForm
	var text []byte
	str := func(s string) {
		out = binary.AppendUvarint(out, uint64(len(s)))
		text = append(text, s...)
	}
	list := func(ss []string) {
		out = binary.AppendUvarint(out, uint64(len(ss)))
		for _, s := range ss {
			str(s)
		}
	}
	if f.Published.IsZero() {
		out = append(out, 0)
	} else {
		out = binary.AppendVarint(append(out, 1), f.Published.Unix())
	}
	out = binary.AppendUvarint(out, uint64(f.Length))
	str(f.Language)
	str(f.Canonical)
	str(f.Endings)
	list(f.Companies)
	list(f.Cites)
	out = binary.AppendUvarint(out, uint64(len(f.Links)))
	for _, l := range f.Links {
		out = binary.LittleEndian.AppendUint64(out, uint64(l))
	}
	out = binary.AppendUvarint(out, uint64(len(f.Sketch)))
	for _, h := range f.Sketch {
		out = binary.LittleEndian.AppendUint32(out, h)
	}
	out = binary.AppendUvarint(out, uint64(len(f.Terms)))
	for _, t := range f.Terms {
		w := uint16(math.Round(min(max(t.Weight, 0), 1)*weightSteps)) << 1
		if t.Neutral {
			w |= 1
		}
		out = binary.LittleEndian.AppendUint16(out, w)
		str(t.Key)
	}
	return append(out, text...)
}

// errPacked says that packed features are not what Pack wrote.
var errPacked = errors.New("the stored features of an article are damaged")

// Unpack reads what Pack wrote.
func Unpack(packed []byte) (Features, error) {
	if len(packed) > 0 && packed[0] == '{' {
		return unpackJSON(packed)
	}
	if len(packed) == 0 || packed[0] != packedForm && packed[0] != withoutEndings {
		return Features{}, errPacked
	}
	u := unpacker{left: packed[1:]}
	var f Features
	if dated := u.bytes(1); dated != nil && dated[0] == 1 {
		f.Published = time.Unix(u.varint(), 0).UTC()
	}
	f.Length = int(u.uvarint())
	language, canonical, endings := u.length(), u.length(), 0
	if packed[0] == packedForm {
		endings = u.length()
	}
	companies, cites := u.lengths(), u.lengths()
	for range u.count(8) {
		f.Links = append(f.Links, Link(binary.LittleEndian.Uint64(u.bytes(8))))
	}
	if n := u.count(4); n > 0 {
		f.Sketch = make([]uint32, n)
		hashes := u.bytes(4 * n)
		for i := range f.Sketch {
			f.Sketch[i] = binary.LittleEndian.Uint32(hashes[4*i:])
		}
	}
	var room [128]int // for the lengths of most articles' terms
	keys := room[:0]
	if n := u.count(3); n > 0 {
		f.Terms = make([]Term, n)
	}
	for i := range f.Terms {
		w := u.uint16()
		f.Terms[i] = Term{Weight: float64(w>>1) / weightSteps, Neutral: w&1 == 1}
		keys = append(keys, u.length())
	}
	u.text = string(u.left)
	f.Language, f.Canonical, f.Endings = u.string(language), u.string(canonical), u.string(endings)
	f.Companies, f.Cites = u.strings(companies), u.strings(cites)
	for i, n := range keys {
		f.Terms[i].Key = u.string(n)
	}
	if u.bad || u.text != "" {
		return Features{}, errPacked
	}
	return f, nil
}

// unpacker reads numbers and then, from the text at the end, strings. Where
// there is too little it says so and gives zeros.
type unpacker struct {
	left []byte
	text string
	bad  bool
}

func (u *unpacker) bytes(n int) []byte {
	if u.bad || n > len(u.left) {
		u.bad = true
		return nil
	}
	out := u.left[:n]
	u.left = u.left[n:]
	return out
}

func (u *unpacker) uint16() uint16 {
	if b := u.bytes(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (u *unpacker) uvarint() uint64 {
	if len(u.left) > 0 && u.left[0] < 0x80 && !u.bad { // one byte, as most are
		v := u.left[0]
		u.left = u.left[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(u.left)
	u.bytes(max(n, 0))
	u.bad = u.bad || n <= 0
	return v
}

func (u *unpacker) varint() int64 {
	v, n := binary.Varint(u.left)
	u.bytes(max(n, 0))
	u.bad = u.bad || n <= 0
	return v
}

// length is the length of a string, which can't be longer than what is left.
func (u *unpacker) length() int { return u.count(1) }

// count is the number of things that take at least size bytes each.
func (u *unpacker) count(size int) int {
	n := u.uvarint()
	if u.bad || n > uint64(len(u.left)/size) {
		u.bad = true
		return 0
	}
	return int(n)
}

func (u *unpacker) lengths() []int {
	out := make([]int, u.count(1))
	for i := range out {
		out[i] = u.length()
	}
	return out
}

func (u *unpacker) string(n int) string {
	if n > len(u.text) {
		u.bad = true
		return ""
	}
	s := u.text[:n]
	u.text = u.text[n:]
	return s
}

func (u *unpacker) strings(lengths []int) []string {
	if len(lengths) == 0 {
		return nil
	}
	out := make([]string, len(lengths))
	for i, n := range lengths {
		out[i] = u.string(n)
	}
	return out
}

// unpackJSON reads features as the first releases wrote them.
func unpackJSON(packed []byte) (Features, error) {
	var old struct {
		Features
		Links []string
	}
	if err := json.Unmarshal(packed, &old); err != nil {
		return Features{}, errors.Join(errPacked, err)
	}
	f := old.Features
	for _, l := range old.Links {
		f.Links = append(f.Links, LinkTo(l))
	}
	return f, nil
}
