package views

import "testing"

// Rendering happens at every edit of a card, for every reader of a message.
func BenchmarkRender(b *testing.B) {
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(b, lang)
		b.Run("card_"+lang, func(b *testing.B) {
			s := clinicSheet()
			for b.Loop() {
				p.CallCard(s)
			}
		})
		b.Run("home_"+lang, func(b *testing.B) {
			o := busyOverview()
			for b.Loop() {
				p.Home(o)
			}
		})
	}
}
