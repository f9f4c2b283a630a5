package bot

import "sync"

// recent remembers the deliveries handled lately, by either transport. The
// store's memory is the one that counts; this one spares it the plain repeats,
// and keeps what is never stored (help, a list) from being answered twice when
// one mention is told as message and as app_mention.
type recent struct {
	mu        sync.Mutex
	now, then map[string]bool // two generations: when now is full it becomes then
}

// generation is how many deliveries one generation holds; two of them cover
// some minutes even of a busy workspace.
const generation = 5000

// has says whether the delivery was handled. "" never was.
func (r *recent) has(delivery string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now[delivery] || r.then[delivery]
}

func (r *recent) add(delivery string) {
	if delivery == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now == nil || len(r.now) >= generation {
		r.now, r.then = make(map[string]bool), r.now
	}
	r.now[delivery] = true
}
