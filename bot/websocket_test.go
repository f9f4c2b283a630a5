package bot

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// served is a frame as a server sends it.
func served(final bool, op byte, payload string) []byte {
	head := op
	if final {
		head |= 0x80
	}
	switch n := len(payload); {
	case n < 126:
		return append([]byte{head, byte(n)}, payload...)
	case n <= 0xFFFF:
		return append([]byte{head, 126, byte(n >> 8), byte(n)}, payload...)
	default:
		return append([]byte{head, 127, 0, 0, 0, 0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, payload...)
	}
}

func over(data []byte) *wire {
	return &wire{br: bufio.NewReader(bytes.NewReader(data))}
}

func TestFramesAreReadWhole(t *testing.T) {
	t.Parallel()
	long, longer := strings.Repeat("x", 300), strings.Repeat("长", 40000)
	data := bytes.Join([][]byte{
		served(true, opText, "{}"), served(true, opPing, "p"), served(true, opText, long), served(true, opText, longer), served(true, opText, ""),
		served(false, opText, "a"), served(true, opPing, "between"), served(false, opMore, "b"), served(true, opMore, "c"), served(true, opClose, "\x03\xe8"),
	}, nil)
	w := over(data)
	for i, want := range []struct {
		op      byte
		payload string
	}{{opText, "{}"}, {opPing, "p"}, {opText, long}, {opText, longer}, {opText, ""}, {opPing, "between"}, {opText, "abc"}, {opClose, "\x03\xe8"}} {
		op, payload, err := w.read()
		if err != nil || op != want.op || string(payload) != want.payload {
			t.Fatalf("frame %d: %x, %d bytes, %v", i, op, len(payload), err)
		}
	}
	if _, _, err := w.read(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func TestWhatIsNotTheProtocolEndsTheConnection(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"a masked server":             {0x81, 0x81, 1, 2, 3, 4, 5},
		"an unknown extension":        {0xC1, 0x00},
		"an unknown opcode":           served(true, 0x3, "x"),
		"a piece without a beginning": served(true, opMore, "x"),
		"a beginning within":          append(served(false, opText, "x"), served(true, opText, "y")...),
		"a ping in pieces":            served(false, opPing, "x"),
		"a ping too long":             served(true, opPing, strings.Repeat("x", 126)),
		"a message without end":       {0x81, 127, 0x7F, 0, 0, 0, 0, 0, 0, 0},
		"more than fits, in pieces":   append(served(false, opText, strings.Repeat("x", mostAnswer-1)), served(true, opMore, "yy")...),
	} {
		w := over(data)
		var err error
		for err == nil {
			_, _, err = w.read()
		}
		if !errors.Is(err, errWire) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatWeWriteIsMaskedAndWhole(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 125, 126, 65535, 65536, 100000} {
		ours, theirs := net.Pipe()
		w := &wire{rw: ours}
		sent := bytes.Repeat([]byte{0xA5}, n)
		failed := make(chan error, 1)
		go func() { failed <- w.write(opText, sent) }()
		head := make([]byte, 2)
		if _, err := io.ReadFull(theirs, head); err != nil {
			t.Fatal(err)
		}
		if head[0] != 0x80|opText || head[1]&0x80 == 0 {
			t.Fatalf("%d bytes: header %x", n, head)
		}
		more := map[byte]int{126: 2, 127: 8}[head[1]&0x7F]
		rest := make([]byte, more+4+n)
		if _, err := io.ReadFull(theirs, rest); err != nil {
			t.Fatal(err)
		}
		size := int(head[1] & 0x7F)
		if more > 0 {
			size = 0
			for _, b := range rest[:more] {
				size = size<<8 | int(b)
			}
		}
		mask, payload := rest[more:more+4], rest[more+4:]
		for i := range payload {
			payload[i] ^= mask[i%4]
		}
		if size != n || !bytes.Equal(payload, sent) || <-failed != nil {
			t.Errorf("%d bytes arrive as %d", n, size)
		}
		w.close()
		theirs.Close()
	}
}

func TestAServerThatDoesNotUpgradeIsRefusedWithoutTheTicket(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.HandlerFunc{
		"no upgrade": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"no proof": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Upgrade", "websocket")
			w.WriteHeader(http.StatusSwitchingProtocols)
		},
		"no answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		server := httptest.NewServer(h)
		client := &http.Client{Transport: &http.Transport{}}
		_, err := dialWire(t.Context(), client, strings.Replace(server.URL, "http", "ws", 1)+"/link?ticket=secret")
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
		client.CloseIdleConnections()
		server.Close()
	}
}

func FuzzWire(f *testing.F) {
	f.Add(served(true, opText, "{}"))
	f.Add(append(served(false, opText, "a"), served(true, opMore, "b")...))
	f.Add([]byte{0x81, 127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})
	f.Fuzz(func(t *testing.T, data []byte) {
		w := over(data)
		for {
			_, payload, err := w.read()
			if err != nil {
				return
			}
			if len(payload) > len(data) {
				t.Fatal("more was read than came")
			}
		}
	})
}
