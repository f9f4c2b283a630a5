package models

import "time"

// A day's limits: over the first somebody else has to agree, over the second
// an admin (SURFACE 7).
const (
	minutesAlone  = 8 * 60
	minutesSecond = 12 * 60
)

// ClaimsOf are the hours that a sign-up leads to, a row a day of the
// organisation's zone: what counts as it stands, or what still waits for the
// person's yes. Nothing for a drill, and nothing while only the person
// themselves says so.
func ClaimsOf(s Signup, shift Shift, drill bool, zone *time.Location) []Hour {
	if drill || s.State != SignupDone || s.RollAt == 0 || s.RollBy == s.PersonID {
		return nil
	}
	claim := Hour{TenantID: s.TenantID, PersonID: s.PersonID, SignupID: s.ID, CallID: s.CallID, State: HoursCounted,
		EnteredAt: s.RollAt, EnteredBy: s.RollBy, ConfirmedBy: s.RollBy, ConfirmedAt: max(s.RollAt, s.SaidAt), ContestAt: s.ContestAt}
	own := s.CheckBy == CheckCode || s.CheckBy == CheckButton
	claim.Late = Late(shift.EndAt, s.RollAt)
	from, to, ok := ServedSpan(s, shift)
	claim.Grade = s.Evidence()
	if !ok { // without the person's yes, or against their no: what the roll says, not counted
		from, to = s.RollFrom, s.RollTo
		claim.Grade, claim.State, claim.Needs = gradeOf(s), HoursPending, NeedsYes
	}
	if s.ContestAt != 0 { // who never agreed is asked again, whatever is decided
		claim.State, claim.Needs = HoursContested, ""
		if !own && s.SaidAt == 0 {
			claim.Needs = NeedsYes
		}
	}
	if claim.Late && !own {
		claim.Grade = EvidenceLate
	}
	return split(claim, from, to, zone)
}

// gradeOf is what the evidence will be worth once the person has agreed.
func gradeOf(s Signup) string {
	if s.CheckBy == CheckCode {
		return EvidenceSelf
	}
	return EvidenceRoll
}

// split cuts a stretch at the midnights of zone. What is under a minute is
// nothing; the seconds of a part go with the part.
func split(claim Hour, from, to Instant, zone *time.Location) []Hour {
	var out []Hour
	for from < to {
		day := PeriodOf(PeriodDay, from, zone)
		end := min(to, day.End)
		if n := int(end.Sub(from).Minutes()); n > 0 {
			part := claim
			part.Day, part.FromAt, part.ToAt, part.Minutes = day.Start, from, end, n
			out = append(out, part)
		}
		from = end
	}
	return out
}
