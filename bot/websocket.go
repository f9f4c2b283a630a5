package bot

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// wire is the client's side of one WebSocket (RFC 6455), as far as Socket Mode
// needs it. It is ours because three promises hang on what slack-go's client
// keeps to itself: the old connection is left only when the new one is there,
// an acknowledgement is known to be written or not, and a ping is a sign of
// life. Reads come from one goroutine; writes may come from many.
type wire struct {
	rw io.ReadWriteCloser
	br *bufio.Reader

	begun  byte   // opcode of a message that is coming in pieces, else 0
	pieces []byte // what there is of it

	writing sync.Mutex
	once    sync.Once
}

// Opcodes of RFC 6455, section 5.2.
const (
	opMore  = 0x0
	opText  = 0x1
	opBin   = 0x2
	opClose = 0x8
	opPing  = 0x9
	opPong  = 0xA
)

const (
	// handshakeTime bounds dialling, TLS and upgrade together.
	handshakeTime = 15 * time.Second
	// writeTime bounds one write: a connection that takes nothing for so long
	// is closed.
	writeTime = 5 * time.Second
	// mostControl is the standard's bound on the payload of a ping or close.
	mostControl = 125
)

var errWire = errors.New("not the WebSocket protocol")

// dialWire opens a WebSocket through client's transport, and so through its
// proxy and its TLS. client must have no timeout: that would end the socket.
func dialWire(ctx context.Context, client *http.Client, target string) (*wire, error) {
	ctx, cancel := context.WithCancel(ctx)
	limit := time.AfterFunc(handshakeTime, cancel)
	defer limit.Stop()
	// After the upgrade the context means nothing to the connection any more.
	defer cancel()
	target = strings.Replace(target, "ws", "http", 1) // ws:// and wss://
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, errors.New("the socket's address cannot be read") // it holds a ticket: not to be repeated
	}
	var nonce [16]byte
	rand.Read(nonce[:])
	key := base64.StdEncoding.EncodeToString(nonce[:])
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", "websocket")
	req.Header.Set("Sec-WebSocket-Version", "13")
	req.Header.Set("Sec-WebSocket-Key", key)
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("dial the socket: %w", withoutAddress(err))
	}
	rw, ok := resp.Body.(io.ReadWriteCloser)
	if resp.StatusCode != http.StatusSwitchingProtocols || !ok {
		resp.Body.Close()
		return nil, fmt.Errorf("upgrade to a socket: %s: %w", resp.Status, errWire)
	}
	if resp.Header.Get("Sec-WebSocket-Accept") != acceptKey(key) {
		rw.Close()
		return nil, fmt.Errorf("upgrade to a socket: wrong accept key: %w", errWire)
	}
	return &wire{rw: rw, br: bufio.NewReader(rw)}, nil
}

// withoutAddress is err without the address, which holds a ticket.
func withoutAddress(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// acceptKey is the server's proof that it understood the upgrade.
func acceptKey(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// read returns the next message, whole, or the next control frame: those may
// come between the pieces of a message.
func (w *wire) read() (op byte, payload []byte, err error) {
	for {
		final, op, payload, err := w.frame(mostAnswer - len(w.pieces))
		if err != nil {
			return 0, nil, err
		}
		switch {
		case op >= opClose:
			if !final || len(payload) > mostControl {
				return 0, nil, fmt.Errorf("control frame in pieces: %w", errWire)
			}
			return op, payload, nil
		case (op == opMore) != (w.begun != 0), op > opBin:
			return 0, nil, fmt.Errorf("frame out of order: %w", errWire)
		case w.begun == 0:
			w.begun = op
		}
		w.pieces = append(w.pieces, payload...)
		if final {
			op, payload = w.begun, w.pieces
			w.begun, w.pieces = 0, nil
			return op, payload, nil
		}
	}
}

func (w *wire) frame(room int) (final bool, op byte, payload []byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(w.br, head[:2]); err != nil {
		return false, 0, nil, err
	}
	final, op = head[0]&0x80 != 0, head[0]&0x0F
	if head[0]&0x70 != 0 || head[1]&0x80 != 0 { // an extension nobody asked for, or a masked server
		return false, 0, nil, fmt.Errorf("frame header %x: %w", head[:2], errWire)
	}
	size := uint64(head[1] & 0x7F)
	switch size {
	case 126:
		_, err = io.ReadFull(w.br, head[:2])
		size = uint64(binary.BigEndian.Uint16(head[:2]))
	case 127:
		_, err = io.ReadFull(w.br, head[:8])
		size = binary.BigEndian.Uint64(head[:8])
	}
	if err != nil {
		return false, 0, nil, err
	}
	if size > uint64(max(room, 0)) {
		return false, 0, nil, fmt.Errorf("message of more than %d bytes: %w", mostAnswer, errWire)
	}
	payload = make([]byte, size)
	_, err = io.ReadFull(w.br, payload)
	return final, op, payload, err
}

// write sends one whole frame, masked as a client must.
func (w *wire) write(op byte, payload []byte) error {
	frame := make([]byte, 0, len(payload)+14)
	frame = append(frame, 0x80|op)
	switch n := len(payload); {
	case n < 126:
		frame = append(frame, 0x80|byte(n))
	case n <= 0xFFFF:
		frame = binary.BigEndian.AppendUint16(append(frame, 0x80|126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 0x80|127), uint64(n))
	}
	var mask [4]byte
	rand.Read(mask[:])
	frame = append(frame, mask[:]...)
	for i, b := range payload {
		frame = append(frame, b^mask[i%4])
	}
	w.writing.Lock()
	defer w.writing.Unlock()
	stuck := time.AfterFunc(writeTime, w.close)
	defer stuck.Stop()
	_, err := w.rw.Write(frame)
	return err
}

// close ends the connection; whoever reads or writes gets an error.
func (w *wire) close() { w.once.Do(func() { _ = w.rw.Close() }) }
