package bot

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

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
		_, err := dialWire(t.Context(), client, time.Now, strings.Replace(server.URL, "http", "ws", 1)+"/link?ticket=secret")
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
		client.CloseIdleConnections()
		server.Close()
	}
	// A server that is not there.
	if _, err := dialWire(t.Context(), &http.Client{Transport: &http.Transport{}}, time.Now, "ws://127.0.0.1:1/link?ticket=secret"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("nobody there: %v", err)
	}
}
