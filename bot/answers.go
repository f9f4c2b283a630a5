package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"muster/models"
)

// AnswersOptions are what answering needs. For and Throttle are required.
type AnswersOptions struct {
	// For finds the workspace a request came from.
	For func(ctx context.Context, r Request) (Workspace, error)
	// ModalButton offers a modal that could not be opened (no trigger, or it
	// had expired) by a button.
	ModalButton func(ctx context.Context, r Request) Reply
	// PrivateNote tells who typed a command in a channel that the answer went
	// to the direct messages.
	PrivateNote func(ctx context.Context, r Request) string
	// LateNote is the sentence added when Slack was not acknowledged in time
	// but the act was stored all the same.
	LateNote func(ctx context.Context, r Request) string
	Throttle *Throttle
	Random   func([]byte) // ids for the metadata of answers by direct message
	Log      *slog.Logger
	Metrics  *Metrics
}

// Answers bring a reply to the one who acted: what Slack takes with the
// acknowledgement at once, the rest in the background.
type Answers struct {
	o      AnswersOptions
	lanes  *lanes
	ended  context.Context // done when what still waits is not brought any more
	giveUp context.CancelFunc
}

const (
	// answerers and answerQueue bound the background: an answer is one request,
	// so 16 at a time is far more than Slack lets pass.
	answerers, answerQueue = 16, 2000
	// answerTries bound the repetitions of one answer; a response URL takes
	// five uses in all.
	answerTries = 3
	// answerTime is when an answer is no longer worth bringing.
	answerTime = 2 * time.Minute
	// mostAck is the size of an acknowledgement's payload: Slack silently drops
	// 20 KB and more on the wire, so the envelope around it has room.
	mostAck = 19 * 1024
)

// NewAnswers starts the background workers; Close ends them.
func NewAnswers(o AnswersOptions) *Answers {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &Answers{o: o, lanes: newLanes(answerers, answerQueue)}
	a.ended, a.giveUp = context.WithCancel(context.Background())
	return a
}

// Close takes no more and waits for the answers under way until ctx ends. Those
// that still wait for Slack's pace then are not brought: each can be had again
// by asking again.
func (a *Answers) Close(ctx context.Context) error {
	defer a.giveUp()
	if a.lanes.close(ctx) == nil {
		return nil
	}
	a.giveUp()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), webTimeout)
	defer cancel()
	return a.lanes.close(last)
}

// front does what must happen before the acknowledgement and returns its
// payload (nil: empty) and what is left to say. A trigger lives three seconds,
// so a modal is opened here.
func (a *Answers) front(ctx context.Context, r Request, reply Reply) (ack json.RawMessage, rest Reply) {
	if r.Kind == KindSubmission && (reply.Modal != nil || len(reply.Errors) > 0) {
		return a.submitted(r, reply)
	}
	if reply.Modal != nil {
		if err := a.modal(ctx, r, reply); err != nil {
			a.o.Log.Warn("a modal could not be opened", "name", r.Name, "callback", reply.Modal.CallbackID, "cause", err)
			reply = a.offer(ctx, r, reply)
		}
		reply.Modal = nil
	}
	if r.Kind != KindCommand || !reply.says() {
		return nil, reply
	}
	if reply.Private && !r.Direct { // where it was typed only says where it went
		return a.pointer(ctx, r), reply
	}
	if reply.Keep {
		return nil, reply
	}
	raw, err := compact(body(reply))
	if err != nil || len(raw) >= mostAck {
		return nil, reply // too long for an acknowledgement: by its response URL
	}
	return raw, Reply{Home: reply.Home}
}

// pointer tells who typed a command that its answer comes by direct message.
func (a *Answers) pointer(ctx context.Context, r Request) json.RawMessage {
	if a.o.PrivateNote == nil {
		return nil
	}
	raw, err := compact(body(Reply{Text: a.o.PrivateNote(ctx, r)}))
	if err != nil {
		return nil // words that cannot be encoded: the answer itself still comes
	}
	return raw
}

// says whether there are words for the person.
func (p Reply) says() bool { return p.Text != "" || len(p.Blocks) > 0 }

// body is a message as an acknowledgement carries it.
func body(reply Reply) map[string]any {
	b := map[string]any{"response_type": "ephemeral", "text": reply.Text}
	if len(reply.Blocks) > 0 {
		b["blocks"] = reply.Blocks
	}
	return b
}

// submitted is the response_action of a modal: errors at its fields, another
// view in its place or on top of it.
func (a *Answers) submitted(r Request, reply Reply) (json.RawMessage, Reply) {
	action := map[string]any{"response_action": "update", "view": reply.Modal}
	switch {
	case len(reply.Errors) > 0:
		action = map[string]any{"response_action": "errors", "errors": reply.Errors}
	case reply.How == ModalPush:
		action["response_action"] = "push"
	}
	raw, err := compact(action)
	if err != nil {
		a.o.Log.Error("a modal's answer could not be encoded", "name", r.Name, "cause", err)
	}
	reply.Modal, reply.Errors = nil, nil
	return raw, reply
}

// modal opens, pushes or updates a view.
func (a *Answers) modal(ctx context.Context, r Request, reply Reply) error {
	ws, err := a.o.For(ctx, r)
	if err != nil {
		return fmt.Errorf("workspace of the request: %w", err)
	}
	switch {
	case reply.How == ModalUpdate && r.View.ID != "":
		return ws.Web.UpdateModal(ctx, r.View.ID, r.View.Hash, *reply.Modal)
	case r.TriggerID == "":
		return &Fault{Kind: FaultRefused, Method: "views.open", Code: "no_trigger"}
	case reply.How == ModalPush && r.View.ID != "":
		return ws.Web.PushModal(ctx, r.TriggerID, *reply.Modal)
	}
	return ws.Web.OpenModal(ctx, r.TriggerID, *reply.Modal)
}

// offer is the reply in place of a modal that did not open. Words that were to
// go with it stay in front.
func (a *Answers) offer(ctx context.Context, r Request, reply Reply) Reply {
	if a.o.ModalButton == nil {
		return reply
	}
	offered := a.o.ModalButton(ctx, r)
	offered.Home = reply.Home
	if reply.Text != "" {
		offered.Text = reply.Text + "\n" + offered.Text
		offered.Blocks = append(reply.Blocks[:len(reply.Blocks):len(reply.Blocks)], offered.Blocks...)
	}
	return offered
}

// back brings what is left, in the background and in order for each person.
// late adds the sentence that it was stored although Slack said otherwise.
func (a *Answers) back(ctx context.Context, r Request, reply Reply, late bool) {
	if !reply.says() && reply.Home == nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	taken := a.lanes.submit(r.Team+" "+r.User, func() {
		ctx, cancel := context.WithTimeout(ctx, answerTime)
		defer cancel()
		defer context.AfterFunc(a.ended, cancel)()
		if err := a.bring(ctx, r, reply, late); err != nil {
			a.o.Metrics.Count("muster_sends_total", "op", "answer", "outcome", "dead")
			a.o.Log.Warn("an answer did not arrive", "kind", r.Kind, "name", r.Name, "team", r.Team, "cause", err)
			return
		}
		a.o.Metrics.Count("muster_sends_total", "op", "answer", "outcome", "sent")
	})
	if !taken {
		a.o.Metrics.Count("muster_sends_total", "op", "answer", "outcome", "dropped")
		a.o.Log.Warn("too many answers wait; one was dropped", "kind", r.Kind, "name", r.Name)
	}
}

func (a *Answers) bring(ctx context.Context, r Request, reply Reply, late bool) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	ws, err := a.o.For(ctx, r)
	if err != nil {
		return fmt.Errorf("workspace of the request: %w", err)
	}
	if reply.Home != nil && r.User != "" {
		pace := a.o.Throttle.Method(ws.Key, "views.publish")
		err = a.try(ctx, func() error {
			if err := a.o.Throttle.Wait(ctx, int(models.PriorityAnswer), pace); err != nil {
				return err
			}
			return ws.Web.PublishHome(ctx, r.User, *reply.Home)
		})
	}
	if !reply.says() {
		return err
	}
	if late && a.o.LateNote != nil {
		if note := a.o.LateNote(ctx, r); note != "" {
			reply = withNote(reply, note)
		}
	}
	if told := a.tell(ctx, ws, r, reply); told != nil {
		return told
	}
	return err
}

// tell chooses the way to the person: by response URL, in the conversation
// they are in, only for their eyes in a channel, or by direct message.
func (a *Answers) tell(ctx context.Context, ws Workspace, r Request, reply Reply) error {
	p := Post{Channel: r.Channel, Thread: r.ThreadTS, Text: reply.Text, Blocks: reply.Blocks}
	private := reply.Private && !r.Direct
	if r.ResponseURL != "" && !private && !reply.Keep {
		replace := reply.Replace && r.Ephemeral
		err := a.try(ctx, func() error { return ws.Web.Respond(ctx, r.ResponseURL, p, replace) })
		if err == nil || ctx.Err() != nil {
			return err
		}
		// Expired, used up or out of order: there are other ways, and seeing an
		// answer twice is better than not at all.
	}
	switch {
	case r.User == "":
		return nil // an event nobody did has nobody to answer
	case r.Direct && r.Channel != "":
		// A command may be typed where two others talk; there we cannot post.
		if err := a.post(ctx, ws, p); err == nil || faultOf(err).Code != "channel_not_found" {
			return err
		}
	case r.Channel != "" && !private:
		err := a.try(ctx, func() error { return ws.Web.Ephemeral(ctx, r.User, p) })
		if err == nil || faultOf(err).Kind != FaultRefused {
			return err
		}
	}
	var channel string
	err := a.try(ctx, func() (err error) {
		channel, err = ws.Web.OpenDirect(ctx, r.User)
		return err
	})
	if err != nil {
		return err
	}
	p.Channel, p.Thread = channel, ""
	return a.post(ctx, ws, p)
}

// post says it in a conversation, at Slack's pace, once: a lost answer is not
// repeated, for an answer can be had again by asking again and a double cannot
// be taken back.
func (a *Answers) post(ctx context.Context, ws Workspace, p Post) error {
	p.UID = a.uid()
	return a.try(ctx, func() error {
		if err := a.o.Throttle.Wait(ctx, int(models.PriorityAnswer), a.o.Throttle.Posts(ws.Key), a.o.Throttle.Channel(p.Channel)); err != nil {
			return err
		}
		_, _, err := ws.Web.Post(ctx, p)
		if err != nil {
			if fault := faultOf(err); fault.Kind == FaultLimited {
				a.o.Throttle.LimitedPost(ws.Key, p.Channel, fault.RetryAfter)
			} else if fault.Kind == FaultLost {
				return nil
			}
		}
		return err
	})
}

func (a *Answers) uid() string {
	if a.o.Random == nil {
		return ""
	}
	var b [16]byte
	a.o.Random(b[:])
	return fmt.Sprintf("%x", b)
}

// try repeats what may pass: twice more, after 1 and 4 seconds. Asked to wait
// it waits as long as Slack says, however often, until the answer is too old.
func (a *Answers) try(ctx context.Context, call func() error) error {
	var err error
	for n := 1; ; n++ {
		if err = call(); err == nil {
			return nil
		}
		fault := faultOf(err)
		wait := time.Duration(n*n) * time.Second
		switch {
		case fault.Kind == FaultLimited:
			wait = max(fault.RetryAfter, time.Second)
			n--
		case fault.Kind == FaultRefused && !passing[fault.Code]:
			return err
		}
		if n == answerTries || ctx.Err() != nil {
			return err
		}
		if pause(ctx, wait) != nil {
			return err
		}
	}
}

// withNote puts a sentence under a reply.
func withNote(reply Reply, note string) Reply {
	if reply.Text != "" {
		note = reply.Text + "\n" + note
	}
	if len(reply.Blocks) > 0 {
		reply.Blocks = append(reply.Blocks[:len(reply.Blocks):len(reply.Blocks)], noteBlock(note[len(reply.Text):]))
	}
	reply.Text = note
	return reply
}

// acceptable says whether err lets the delivery be acknowledged: what was
// refused is decided, and a panic would only panic again.
func acceptable(err error) bool {
	code := models.CodeOf(err)
	return code != models.CodeInternal && code != models.CodeEarly || panicked(err)
}
