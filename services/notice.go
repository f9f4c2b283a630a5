package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// NoteUndelivered tells the person responsible that a message will not arrive:
// the one who opened the call, study, reminder or digest it belongs to. What
// fails about one thing in a day comes to one notice, however much it is.
// Nobody is told of a notice that failed itself.
func (s *Services) NoteUndelivered(ctx context.Context, m models.Message, cause string) error {
	if m.Kind == models.MessageNotice || m.Op == models.OpReact {
		return nil
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		if m.Kind == models.MessageCard {
			return cardLost(tx, m, cause)
		}
		about, err := subjectOf(tx, m)
		if err != nil || about.Responsible == 0 || about.Responsible == m.PersonID {
			return err
		}
		t, err := tx.Tenant(m.TenantID)
		if err != nil {
			return err
		}
		key := models.NoticeKey(about.Responsible, about.Thing, about.ID, tx.Now, t.Location())
		args := models.NoticeArgs{Cause: cause}
		old, err := tx.MessageByKey(m.TenantID, key)
		if err == nil {
			if err := json.Unmarshal(old.Args, &args); err != nil {
				return fmt.Errorf("arguments of notice %d: %w", old.ID, err)
			}
			if !args.Add(m.ID) {
				return nil
			}
			return tx.SetArgs(m.TenantID, key, args)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		args.Add(m.ID)
		_, err = tx.Enqueue(models.Message{TenantID: m.TenantID, Key: key, Kind: models.MessageNotice, SubjectID: m.ID,
			PersonID: about.Responsible, Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: models.QuietWait}.WithArgs(args))
		return err
	})
}

// subject is what a message belongs to.
type subject struct {
	Thing       string
	ID          int64
	Ref         string // "#k12", "" when it has no number
	Responsible int64  // who opened it, 0 when nobody did
}

// subjectOf finds what a message belongs to; zero when that is gone, or nobody's.
func subjectOf(tx *store.Tx, m models.Message) (subject, error) {
	about, err := subject{}, error(nil)
	switch m.Kind {
	case models.MessageCard, models.MessagePanel, models.MessageSignup, models.MessageNote, models.MessageCardLost:
		var c models.Call
		c, err = tx.Call(m.TenantID, m.SubjectID)
		about = subject{"call", c.ID, "#" + c.Ref(), c.CreatorID}
	case models.MessageTell:
		var r models.Reach
		var c models.Call
		if r, err = tx.ReachByID(m.TenantID, m.SubjectID); err == nil {
			c, err = tx.Call(m.TenantID, r.RefID)
		}
		about = subject{"call", c.ID, "#" + c.Ref(), r.ByID}
	case models.MessageStudy, models.MessageStudyFollow, models.MessageStudyMoved, models.MessageStudyExcuse:
		var a models.Attendance
		if a, err = tx.Attendance(m.TenantID, m.SubjectID); err == nil {
			about, err = studySubject(tx, m.TenantID, a.StudyID)
		}
	case models.MessageStudyAsk:
		var o models.Occurrence
		if o, err = tx.Occurrence(m.TenantID, m.SubjectID); err == nil {
			about, err = studySubject(tx, m.TenantID, o.StudyID)
		}
	case models.MessageRemind, models.MessageRemindAsk:
		var r models.Reminder
		r, err = tx.Reminder(m.TenantID, m.SubjectID)
		about = subject{"reminder", r.ID, "#" + models.NumberReminder + id(int64(r.Number)), r.ByID}
	case models.MessageSummary, models.MessageReview, models.MessageSummaryPicture:
		about, err = postingSubject(tx, m)
	}
	if err != nil {
		return subject{}, ignoreMissing(err)
	}
	return about, nil
}

func studySubject(tx *store.Tx, tenantID, studyID int64) (subject, error) {
	st, err := tx.Study(tenantID, studyID)
	return subject{"study", st.ID, "#" + studyRef(st), st.CreatedBy}, err
}

func postingSubject(tx *store.Tx, m models.Message) (subject, error) {
	p, err := tx.Posting(m.SubjectID)
	if err != nil || p.DigestID == nil {
		return subject{"posting", p.ID, "", p.By}, err
	}
	d, err := tx.Digest(*p.DigestID)
	return subject{"digest", d.ID, "#" + d.Ref(), d.CreatorID}, err
}

// UndeliveredShown is what a notice tells about.
type UndeliveredShown struct {
	Tenant   models.Tenant
	Reader   models.Person
	Now      models.Instant
	Kind     models.MessageKind // of the first message
	People   []models.Person    // recipients of direct messages, the first few
	Channels []string           // Slack ids, the first few
	More     int                // messages beyond those
	Cause    string
	Ref      string // "#k12" when it is about something with a number, else ""
}

// Undelivered loads what a notice tells about.
func (s *Services) Undelivered(ctx context.Context, m models.Message) (UndeliveredShown, error) {
	out := UndeliveredShown{}
	var args models.NoticeArgs
	if err := json.Unmarshal(m.Args, &args); err != nil {
		return out, fmt.Errorf("arguments of notice %d: %w", m.ID, err)
	}
	named := args.Messages[:min(len(args.Messages), models.NoticeMost)]
	out.Cause, out.More = args.Cause, args.More+len(args.Messages)-len(named)
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		var err error
		out.Now = tx.Now
		if out.Tenant, err = tx.Tenant(m.TenantID); err != nil {
			return err
		}
		if out.Reader, err = tx.Person(m.PersonID); err != nil {
			return err
		}
		lost, err := tx.MessagesByIDs(named)
		if err != nil {
			return err
		}
		for i, l := range lost {
			if i == 0 {
				out.Kind = l.Kind
				about, err := subjectOf(tx, l)
				if err != nil {
					return err
				}
				out.Ref = about.Ref
			}
			if l.PersonID == 0 {
				out.Channels = append(out.Channels, l.Channel)
				continue
			}
			p, err := tx.Person(l.PersonID)
			if ignoreMissing(err) != nil {
				return err
			}
			out.People = append(out.People, p)
		}
		return nil
	})
	return out, err
}
