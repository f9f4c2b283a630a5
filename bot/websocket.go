package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"muster/models"
)

// wire is one WebSocket to Slack. It is opened here and not by slack-go's
// socketmode because three promises hang on what that client keeps to itself:
// the old connection is left only when the new one is there, an
// acknowledgement is known to be written or not, and a ping is a sign of life.
// Reads come from one goroutine; writes may come from many.
type wire struct {
	conn    *websocket.Conn
	machine models.Clock
	writing sync.Mutex
	once    sync.Once
}

const (
	// handshakeTime bounds dialling, TLS and upgrade together.
	handshakeTime = 15 * time.Second
	// writeTime bounds one write: a connection that takes nothing for so long
	// is closed.
	writeTime = 5 * time.Second
)

// dialWire opens a WebSocket the way client would reach Slack: through its
// proxy and with its TLS settings.
func dialWire(ctx context.Context, client *http.Client, machine models.Clock, target string) (*wire, error) {
	dialer := &websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: handshakeTime}
	if t, ok := client.Transport.(*http.Transport); ok {
		dialer.Proxy, dialer.TLSClientConfig, dialer.NetDialContext = t.Proxy, t.TLSClientConfig, t.DialContext
	}
	conn, resp, err := dialer.DialContext(ctx, target, nil)
	if resp != nil && resp.Body != nil {
		defer resp.Body.Close()
	}
	switch {
	case errors.Is(err, websocket.ErrBadHandshake) && resp != nil:
		return nil, fmt.Errorf("upgrade to a socket: %s", resp.Status)
	case err != nil:
		return nil, fmt.Errorf("dial the socket: %w", err) // gorilla names the host at most, never the ticket in the query
	}
	conn.SetReadLimit(mostAnswer)
	return &wire{conn: conn, machine: machine}, nil
}

// onPing calls alive for each ping, after it was answered.
func (w *wire) onPing(alive func()) {
	w.conn.SetPingHandler(func(data string) error {
		alive()
		err := w.conn.WriteControl(websocket.PongMessage, []byte(data), w.machine().Add(writeTime))
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil
		}
		return err
	})
}

// read returns the next message, whole.
func (w *wire) read() ([]byte, error) {
	_, payload, err := w.conn.ReadMessage()
	return payload, err
}

// write sends one text message; an error says that Slack will not have it, and
// the connection is closed.
func (w *wire) write(payload []byte) error {
	w.writing.Lock()
	defer w.writing.Unlock()
	err := w.conn.SetWriteDeadline(w.machine().Add(writeTime))
	if err == nil {
		err = w.conn.WriteMessage(websocket.TextMessage, payload)
	}
	if err != nil {
		w.close()
	}
	return err
}

func (w *wire) close() { w.once.Do(func() { _ = w.conn.Close() }) }
