package services

import (
	"context"
	"encoding/json"
	"fmt"

	"muster/models"
	"muster/store"
)

// HeldAbout is what is kept about the actor.
func (s *Services) HeldAbout(ctx context.Context, act Act) (out models.Held, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		out.Person = me.Person
		if me.Person.ID == 0 {
			return nil
		}
		if out.Kinds, err = tx.HeldOf(me.Person.ID); err != nil {
			return err
		}
		due, err := tx.DueByKey(me.Tenant.ID, forgetKey(me.Person.ID))
		out.ForgetAt = due.DueAt
		return ignoreMissing(err)
	})
	return out, err
}

// AskCopy has the actor sent a copy of everything kept about them.
func (s *Services) AskCopy(ctx context.Context, act Act) error {
	return s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if err := tx.Note(me.By("privacy_copy"), "person", me.Person.ID, nil, nil); err != nil {
			return err
		}
		_, err := tx.Enqueue(models.Message{TenantID: me.Tenant.ID, Key: fmt.Sprintf("privacy:%d:%d", me.Person.ID, tx.Now),
			Kind: models.MessagePrivacy, Op: models.OpFile, SubjectID: me.Person.ID, PersonID: me.Person.ID,
			Priority: models.PriorityAnswer, Quiet: models.QuietPass})
		return err
	})
}

// CopyToSend is the copy as indented JSON, made at the moment it is sent.
func (s *Services) CopyToSend(ctx context.Context, m models.Message) (out []byte, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		kinds, err := tx.CopyOf(m.PersonID)
		if err != nil {
			return err
		}
		out, err = json.MarshalIndent(kinds, "", "  ")
		return err
	})
	return out, err
}
