package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// reopen opens the organisation's database as another copy of Muster would.
func reopen(o *org) *store.Store {
	o.t.Helper()
	return storetest.Open(o.t, o.dsn, o.c)
}

// TestMain lets this binary be the second process of its own tests.
func TestMain(m *testing.M) {
	if dsn := os.Getenv("MUSTER_STORE_CHILD"); dsn != "" {
		if err := child(dsn, os.Getenv("MUSTER_STORE_STORY")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child is what the second process does.
func child(dsn, story string) error {
	c := storetest.NewClocks()
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{DSN: dsn, World: c.World.Now, Machine: c.Machine.Now})
	if err != nil {
		return err
	}
	if story == "claim" {
		got, err := s.ClaimMessages(ctx, "child", 10, time.Minute)
		if err != nil {
			return err
		}
		fmt.Println(len(got))
		select {} // until it is killed
	}
	if err := s.Migrate(ctx); err != nil {
		return err
	}
	return race(ctx, s, func(line string) { fmt.Println(line) })
}

// race takes 50 numbers and claims 50 deliveries that another process wants too.
func race(ctx context.Context, s *store.Store, say func(string)) error {
	for i := range 50 {
		err := s.InTx(ctx, func(tx *store.Tx) error {
			tn, err := tx.EnsureTenant("T1", models.Tenant{})
			if err != nil {
				return err
			}
			n, err := tx.NextNumber(tn.ID, models.NumberCall)
			if err != nil {
				return err
			}
			fresh, err := tx.Deliver(fmt.Sprintf("evt:%d", i))
			say(fmt.Sprintf("%d %v", n, fresh))
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.Close()
}

// second starts the second process.
func second(t *testing.T, dsn, story string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "MUSTER_STORE_CHILD="+dsn, "MUSTER_STORE_STORY="+story)
	cmd.Stderr = os.Stderr
	return cmd
}

func TestThreeProcessesOnOneDatabaseDoEverythingOnce(t *testing.T) {
	t.Parallel()
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		var lines []string
		var mu sync.Mutex
		say := func(line string) {
			mu.Lock()
			defer mu.Unlock()
			lines = append(lines, line)
		}
		var wg sync.WaitGroup
		for range 2 {
			cmd := second(t, dsn, "race")
			wg.Go(func() {
				out, err := cmd.Output()
				if err != nil {
					t.Errorf("second process: %v", err)
				}
				for line := range strings.Lines(string(out)) {
					say(strings.TrimSpace(line))
				}
			})
		}
		s := storetest.Open(t, dsn, storetest.NewClocks()) // migrates at the same time as they do
		if err := race(t.Context(), s, say); err != nil {
			t.Error(err)
		}
		wg.Wait()
		var numbers []string
		fresh := 0
		for _, line := range lines {
			number, isFresh, _ := strings.Cut(line, " ")
			numbers = append(numbers, number)
			if isFresh == "true" {
				fresh++
			}
		}
		slices.Sort(numbers)
		if got := len(slices.Compact(numbers)); got != 150 || len(lines) != 150 {
			t.Errorf("150 acts took %d different numbers", got)
		}
		if fresh != 50 {
			t.Errorf("50 deliveries were acted on %d times", fresh)
		}
	})
}

func TestKilledBetweenClaimAndSettle(t *testing.T) {
	each(t, func(o *org) {
		o.enqueue(o.post("card:1", "C1"))
		cmd := second(o.t, o.dsn, "claim")
		out, err := cmd.StdoutPipe()
		if err != nil {
			o.t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			o.t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil || line != "1\n" {
			o.t.Fatalf("the child claimed %q: %v", line, err)
		}
		if err := cmd.Process.Kill(); err != nil {
			o.t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed, and says so
		if got := o.claim("me", 10); len(got) != 0 {
			o.t.Fatalf("claimed what the dead one still holds: %v", got)
		}
		o.c.Machine.Advance(61 * time.Second)
		got := o.claim("me", 10)
		if len(got) != 1 || !got[0].Doubt || got[0].Attempts != 1 || got[0].Holder != "me" {
			o.t.Fatalf("taken back as %+v", got)
		}
	})
}
