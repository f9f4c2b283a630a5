package bot

import (
	"time"

	"muster/models"
)

// What the stories in package bot_test share with the tests inside.

type FakeOutbox struct{ *fakeOutbox }

func NewFakeOutbox() FakeOutbox { return FakeOutbox{newFakeOutbox(time.Now)} }

func (o FakeOutbox) Add(m models.Message) int64      { return o.add(m) }
func (o FakeOutbox) Get(id int64) models.Message     { return o.get(id) }
func (o FakeOutbox) Touch(id int64)                  { o.touch(id) }
func (o FakeOutbox) Count(s models.MessageState) int { return o.count(s) }
func (o FakeOutbox) Settled() []models.Outcome {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]models.Outcome(nil), o.settled...)
}
