package main

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// pageTour is what the README's tour looks like in one language.
type pageTour struct {
	title                     string // of the call that the page suggests
	byButton, byHand, tooLate string // who signs up how; the page itself picks who replies
	names                     [2]string
	empty, one, two, three    []string // what the card says of itself as it fills
	waiting, reminder         []string
	preview, posted           []string
	kept                      string // the answer to who says yes to the reminder
}

var pageTours = map[string]pageTour{
	"zh": {
		title: "东堤装沙袋", byButton: "U006", byHand: "U010", tooLate: "U017", names: [2]string{"刘洋", "孙磊"},
		empty: []string{"招募中", "周二 11月24日 14:00–17:00", "0/3", "还差 3 人"},
		one:   []string{"1/3", "张伟", "还差 2 人"}, two: []string{"2/3", "还差 1 人"}, three: []string{"3/3", "已招满"},
		waiting: []string{"3/3", "候补 1 人"}, reminder: []string{"提醒：东堤装沙袋", "周二 13:00"}, kept: "到时见",
		preview: []string{"汇总 · 11月23日–29日"}, posted: []string{"汇总 · 11月23日–29日", "发起"},
	},
	"en": {
		title: "Sandbags at the east dike", byButton: "U008", byHand: "U009", tooLate: "U007", names: [2]string{"Bo Jensen", "Dan Okafor"},
		empty: []string{"open", "Tue 24 Nov, 14:00–17:00", "0/3", "3 more needed"},
		one:   []string{"1/3", "张伟", "2 more needed"}, two: []string{"2/3", "1 more needed"}, three: []string{"3/3", "filled"},
		waiting: []string{"3/3", "1 waiting"}, reminder: []string{"Reminder: Sandbags at the east dike", "Tue 13:00"}, kept: "see you there",
		preview: []string{"Summary · 23–29 Nov"}, posted: []string{"Summary · 23–29 Nov", "opened"},
	},
}

// Somebody follows the four things to try: posts the call, lets three people sign
// up in the three ways there are, sees the card fill and somebody wait, lets a
// day pass, answers a reminder, and posts the summary.
func tourInThePage(t *testing.T, browser context.Context, lang string) {
	w := pageTours[lang]
	d := openDemo(t, lang)
	v := visit(t, browser, d, desk, scene("lang", lang))
	card := v.postsTheExample(w)
	v.threeSignUp(w, card)

	v.becomes(w.tooLate)
	v.presses(v.joinButton(card))
	v.sees(at("[data-testid=card]", append(w.waiting, w.title)...))
	if again := v.ts(at(".msg:not(.ephemeral) [data-testid=card]", w.title, "3/3")); again != card {
		t.Errorf("the card filled as message %s, but was posted as %s", again, card)
	}
	if n := ask[int](v, "counting cards", "all('#messages .msg:not(.ephemeral) [data-testid=card]', "+quote(w.title)+").length"); n != 1 {
		t.Errorf("there are %d cards of one call, want the one that lives", n)
	}
	v.aDayPasses(d, w)
	v.postsTheSummary(w)
	v.waits("four things to be ticked off", "all('[data-testid=tour-item][data-done=true]').length === 4")
}

// postsTheExample takes the first thing to try and gives back the card's ts.
func (v *visitor) postsTheExample(w pageTour) string {
	v.t.Helper()
	v.presses(at("[data-tour=post_call] [data-testid=tour-fill]"))
	v.waits("the example in the message box", "document.activeElement.id === 'composer' && document.activeElement.value.includes("+quote(w.title)+")")
	v.keys(kb.Enter)
	card := at(".msg:not(.ephemeral) [data-testid=card]", append(w.empty, w.title)...)
	v.sees(card)
	v.sees(at("[data-tour=post_call][data-done=true]"))
	return v.ts(card)
}

// joinButton is the button with which one joins the call of a card.
func (v *visitor) joinButton(card string) spot {
	return at(`#messages [data-ts="` + card + `"] [data-testid=block-button][data-action-id^=call_join]`)
}

func (v *visitor) threeSignUp(w pageTour, card string) {
	v.t.Helper()
	v.presses(at("[data-tour=three_join] [data-testid=tour-fill]"))
	v.waits("a reply ready in the thread", "document.activeElement.id === 'thread-composer' && document.activeElement.value.startsWith('+1')")
	v.keys(kb.Enter)
	v.sees(at("#messages [data-testid=card]", append(w.one, w.title)...))
	v.sees(at("[data-testid=thread] [data-testid=reaction][data-emoji=white_check_mark]"))
	v.presses(at("[data-testid=thread-close]"))

	v.becomes(w.byButton)
	v.presses(v.joinButton(card))
	v.sees(at("#messages [data-testid=card]", append(w.two, w.title, w.names[0])...))

	v.becomes(w.byHand)
	message := at(`#messages [data-ts="` + card + `"]`)
	v.points(message)
	v.presses(at(message.css + " [data-testid=react]"))
	v.presses(at("[data-testid=emoji][data-emoji=raised_hand]"))
	v.sees(at("#messages [data-testid=card]", append(w.three, w.title, w.names[1])...))
	v.sees(at(message.css + " [data-testid=reaction][data-emoji=raised_hand][aria-pressed=true]"))
	v.sees(at("[data-tour=three_join][data-done=true]"))
}

// aDayPasses: who signed up by button reads the confirmation, the clock goes on,
// and what reminds them of the shift can be answered where it stands.
func (v *visitor) aDayPasses(d *demo, w pageTour) {
	v.t.Helper()
	v.becomes(w.byButton)
	dm := d.dm(w.byButton)
	badge := at("[data-channel=" + dm + "] .unread-badge")
	v.sees(badge)
	v.goes(dm)
	v.sees(at("#messages [data-testid=message]", w.title))
	v.misses(badge)
	v.goes(sampleCalls)
	v.presses(at("[data-tour=day_passes] [data-testid=tour-fill]"))
	v.sees(at("[data-tour=day_passes][data-done=true]"))
	v.sees(badge)
	v.goes(dm)
	v.sees(at("#messages [data-testid=message]", w.reminder...))
	v.presses(at("#messages [data-testid=block-button][data-action-id=call_confirm]"))
	v.sees(at("#messages [data-testid=message]", w.kept))
}

func (v *visitor) postsTheSummary(w pageTour) {
	v.t.Helper()
	v.presses(at("[data-tour=summary] [data-testid=tour-fill]"))
	v.acts(sampleAdmin)
	v.waits("the command in the message box", "document.activeElement.id === 'composer' && document.activeElement.value.startsWith('/muster')")
	v.keys(kb.Enter)
	v.sees(at(".msg.ephemeral", w.preview...))
	v.presses(at(".msg.ephemeral [data-testid=block-button][data-action-id=summary_post]"))
	v.goes(sampleSummaries)
	v.sees(at(".msg:not(.ephemeral)", w.posted...))
}
