package store

import (
	"fmt"

	"muster/models"
)

// heldTable is one kind of row about people: whose it is stands in the column.
type heldTable struct{ kind, table, column string }

// heldTables are the kinds of `privacy`, in the order they are shown.
func heldTables() []heldTable {
	return []heldTable{
		{"person", "persons", "id"}, {"unit", "unit_members", "person_id"}, {"right", "rights", "person_id"},
		{"signup", "signups", "person_id"}, {"walkin", "call_walkins", "person_id"}, {"answer", "call_answers", "person_id"},
		{"ask", "call_asks", "person_id"}, {"tick", "call_ticks", "person_id"}, {"hours", "hours", "person_id"},
		{"attendance", "attendances", "person_id"}, {"exemption", "study_exemptions", "person_id"}, {"leave", "study_leaves", "person_id"},
		{"record", "activity_records", "person_id"}, {"reminder", "reminders", "person_id"}, {"reminder_by", "reminders", "by_id"},
		{"reach", "reaches", "by_id"}, {"duty_record", "duty_records", "by_id"}, {"draft", "call_drafts", "person_id"},
		{"calendar", "calendar_links", "person_id"}, {"channel", "channel_members", "person_id"}, {"message", "messages", "person_id"},
		{"word", "entry_words", "person_id"}, {"act", "entries", "actor_id"},
	}
}

// HeldOf counts what is kept about a person, by kind.
func (tx *Tx) HeldOf(personID int64) ([]models.HeldKind, error) {
	var out []models.HeldKind
	for _, t := range heldTables() {
		var n int64
		if err := tx.db.Table(t.table).Where(t.column+" = ?", personID).Count(&n).Error; err != nil {
			return nil, fmt.Errorf("count %s of a person: %w", t.kind, err)
		}
		if n > 0 {
			out = append(out, models.HeldKind{Kind: t.kind, N: int(n)})
		}
	}
	return out, nil
}

// CopyOf is every row kept about a person, by kind. Secrets of links and the
// salts of the record are left out: they are no data about anybody.
func (tx *Tx) CopyOf(personID int64) ([]models.HeldCopy, error) {
	var out []models.HeldCopy
	for _, t := range heldTables() {
		var rows []map[string]any
		if err := tx.db.Table(t.table).Where(t.column+" = ?", personID).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("copy %s of a person: %w", t.kind, err)
		}
		for _, row := range rows {
			for _, secret := range []string{"salt", "hash", "token", "holder", "uid", "last_error"} {
				delete(row, secret)
			}
		}
		if len(rows) > 0 {
			out = append(out, models.HeldCopy{Kind: t.kind, Rows: rows})
		}
	}
	return out, nil
}

// ForgottenIn are who was forgotten, in the order it was done.
func (tx *Tx) ForgottenIn(tenantID int64) ([]models.Forgotten, error) {
	return many[models.Forgotten](tx.db.Where("tenant_id = ?", tenantID).Order("id"))
}

// ForgetPerson takes away who a person is and every word of theirs: on their
// rows, and with its salt in the record. Rows, counts, entries and the chain
// stay, under an id that leads to nobody.
func (tx *Tx) ForgetPerson(by models.By, p models.Person) error {
	identity := p
	if err := tx.blankPerson(by, p); err != nil {
		return err
	}
	for _, blank := range []func(models.By, int64) error{tx.blankWords, tx.blankStudy, tx.blankOthers, tx.dropRights, tx.WithdrawActivityRecords} {
		if err := blank(by, p.ID); err != nil {
			return err
		}
	}
	if err := tx.dropPlain(by.TenantID, identity); err != nil {
		return err
	}
	return tx.insert(&models.Forgotten{TenantID: by.TenantID, PersonID: p.ID, At: tx.Now})
}

func (tx *Tx) blankPerson(by models.By, p models.Person) error {
	blank := models.Person{ID: p.ID, TenantID: p.TenantID, Bot: p.Bot, Guest: p.Guest, Gone: true, GreetedAt: p.GreetedAt,
		Duty: p.Duty, CreatedAt: p.CreatedAt}
	return tx.Save(by, &blank)
}

// blankWords clears what the person said about calls.
func (tx *Tx) blankWords(by models.By, id int64) error {
	answers, err := many[*models.Answer](tx.db.Where("person_id = ? AND text <> ?", id, ""))
	if err != nil {
		return fmt.Errorf("answers of a person: %w", err)
	}
	for _, a := range answers {
		a.Text = ""
		if err := tx.Save(by, a); err != nil {
			return err
		}
	}
	asks, err := many[*models.Ask](tx.db.Where("person_id = ?", id))
	if err != nil {
		return fmt.Errorf("asks of a person: %w", err)
	}
	for _, a := range asks {
		if len(a.Why) == 0 {
			continue
		}
		a.Why = nil
		if err := tx.Save(by, a); err != nil {
			return err
		}
	}
	return nil
}

// blankStudy clears what the person said, and was told, about study.
func (tx *Tx) blankStudy(by models.By, id int64) error {
	all, err := many[*models.Attendance](tx.db.Where("person_id = ?", id))
	if err != nil {
		return fmt.Errorf("attendances of a person: %w", err)
	}
	for _, a := range all {
		if len(a.Words()) == 0 && len(a.Proof) == 0 {
			continue
		}
		a.Reason, a.Note, a.ReturnReason, a.Answer, a.Proof = "", "", "", "", nil
		if err := tx.Save(by, a); err != nil {
			return err
		}
	}
	excused, err := many[*models.Exemption](tx.db.Where("person_id = ? AND reason <> ?", id, ""))
	if err != nil {
		return fmt.Errorf("exemptions of a person: %w", err)
	}
	for _, e := range excused {
		e.Reason = ""
		if err := tx.Save(by, e); err != nil {
			return err
		}
	}
	return nil
}

// blankOthers clears what the person wrote to others, and ends their reminders.
func (tx *Tx) blankOthers(by models.By, id int64) error {
	sent, err := many[*models.Reach](tx.db.Where("by_id = ? AND text <> ?", id, ""))
	if err != nil {
		return fmt.Errorf("messages to many by a person: %w", err)
	}
	for _, r := range sent {
		r.Text = ""
		if err := tx.Save(by, r); err != nil {
			return err
		}
	}
	notes, err := many[*models.DutyRecord](tx.db.Where("by_id = ? AND note <> ?", id, ""))
	if err != nil {
		return fmt.Errorf("duty notes by a person: %w", err)
	}
	for _, n := range notes {
		n.Note = ""
		if err := tx.Save(by, n); err != nil {
			return err
		}
	}
	reminders, err := many[*models.Reminder](tx.db.Where("by_id = ? OR person_id = ?", id, id))
	if err != nil {
		return fmt.Errorf("reminders of a person: %w", err)
	}
	for _, r := range reminders {
		r.Text = ""
		if r.State == models.ReminderAsked || r.State == models.ReminderActive {
			r.State = models.ReminderDeleted
		}
		if err := tx.Save(by, r); err != nil {
			return err
		}
		if err := tx.db.Exec(`DELETE FROM entry_words WHERE tenant_id = ? AND entry_id IN
			(SELECT id FROM entries WHERE tenant_id = ? AND thing = ? AND thing_id = ?)`, by.TenantID, by.TenantID, "reminder", r.ID).Error; err != nil {
			return fmt.Errorf("words of reminder %d: %w", r.ID, err)
		}
	}
	return nil
}

// dropRights takes what the person may do, the lead of units and the link to
// their calendar.
func (tx *Tx) dropRights(by models.By, id int64) error {
	rights, err := many[*models.Right](tx.db.Where("person_id = ?", id))
	if err != nil {
		return fmt.Errorf("rights of a person: %w", err)
	}
	for _, r := range rights {
		if err := tx.Remove(by, r); err != nil {
			return err
		}
	}
	led, err := many[*models.Unit](tx.db.Where("leader_id = ?", id))
	if err != nil {
		return fmt.Errorf("units a person leads: %w", err)
	}
	for _, u := range led {
		u.LeaderID = 0
		if err := tx.Save(by, u); err != nil {
			return err
		}
	}
	links, err := many[*models.CalendarLink](tx.db.Where("person_id = ?", id))
	if err != nil {
		return fmt.Errorf("calendar links of a person: %w", err)
	}
	for _, l := range links {
		if err := tx.Remove(by, l); err != nil {
			return err
		}
	}
	return nil
}

// dropPlain deletes what is outside the record: words with their salts, what
// waits to be said or done, and what is to be asked of Slack.
func (tx *Tx) dropPlain(tenantID int64, p models.Person) error {
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{"DELETE FROM entry_words WHERE tenant_id = ? AND person_id = ?", []any{tenantID, p.ID}},
		{"DELETE FROM dues WHERE tenant_id = ? AND person_id = ?", []any{tenantID, p.ID}},
		{"DELETE FROM call_drafts WHERE tenant_id = ? AND person_id = ?", []any{tenantID, p.ID}},
		{"DELETE FROM channel_members WHERE person_id = ?", []any{p.ID}},
		{"DELETE FROM checkin_tries WHERE person_id = ?", []any{p.ID}},
		// Their unit stays: how many were in it is part of what was reported.
		{"UPDATE messages SET state = ?, args = NULL, channel = ?, thread_ts = ?, ts = ? WHERE tenant_id = ? AND person_id = ?",
			[]any{models.MessageDropped, "", "", "", tenantID, p.ID}},
		{"DELETE FROM lookups WHERE tenant_id = ? AND ref <> ? AND (ref = ? OR ref = ?)", []any{tenantID, "", p.Slack(), p.Email}},
	} {
		if err := tx.db.Exec(q.sql, q.args...).Error; err != nil {
			return fmt.Errorf("forget person %d: %w", p.ID, err)
		}
	}
	return nil
}
