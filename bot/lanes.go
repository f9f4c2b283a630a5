package bot

import (
	"context"
	"sync"
)

// lanes run jobs on a fixed number of goroutines. Jobs of one key (one person)
// run one after the other in the order they came; different keys run side by
// side. What waits is bounded: more is refused, not kept.
type lanes struct {
	mu      sync.Mutex
	waiting map[string][]func() // the first of a key is the one running
	ready   chan string         // keys with something to run; never blocks, see newLanes
	pending int
	most    int
	closed  bool
	idle    chan struct{} // closed when everything is done after close
	workers sync.WaitGroup
}

// newLanes starts workers; at most most jobs wait or run at one time.
func newLanes(workers, most int) *lanes {
	// A key stands in ready at most once, and there are never more keys than
	// pending jobs, so this capacity can never fill up.
	l := &lanes{waiting: map[string][]func(){}, ready: make(chan string, most), most: most, idle: make(chan struct{})}
	for range workers {
		l.workers.Go(l.work)
	}
	return l
}

// submit queues job behind the others of key; false when there is no room or
// the lanes are closing.
func (l *lanes) submit(key string, job func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.pending >= l.most {
		return false
	}
	l.pending++
	l.waiting[key] = append(l.waiting[key], job)
	if len(l.waiting[key]) == 1 {
		l.ready <- key
	}
	return true
}

func (l *lanes) work() {
	for key := range l.ready {
		l.mu.Lock()
		job := l.waiting[key][0]
		l.mu.Unlock()
		job()
		l.done(key)
	}
}

func (l *lanes) done(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending--
	rest := l.waiting[key][1:]
	if len(rest) == 0 {
		delete(l.waiting, key)
	} else {
		l.waiting[key] = rest
		l.ready <- key
	}
	l.endIfIdle()
}

// endIfIdle ends the workers once the lanes are closed and empty. mu is held.
func (l *lanes) endIfIdle() {
	if l.closed && l.pending == 0 {
		select {
		case <-l.idle:
		default:
			close(l.idle)
			close(l.ready)
		}
	}
}

// depth is how many jobs wait or run.
func (l *lanes) depth() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pending
}

// close takes nothing more and waits until all is done, or ctx ends.
func (l *lanes) close(ctx context.Context) error {
	l.mu.Lock()
	l.closed = true
	l.endIfIdle()
	l.mu.Unlock()
	select {
	case <-l.idle:
		l.workers.Wait()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
