package views

import "testing"

// English needs another form for one thing; a sentence without it is said all
// the same, and every sentence can be said of one and of many.
func TestEverySentenceCanCountOneAndMany(t *testing.T) {
	t.Parallel()
	c, err := NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"zh", "en"} {
		p := c.For(Reader{Lang: lang})
		for key := range sentences(t, lang) {
			for _, n := range []int{0, 1, 2, 21} {
				if p.T(key, "N", n) == "" {
					t.Errorf("%s says nothing in %s", key, lang)
				}
			}
		}
	}
	p := c.For(Reader{Lang: "en"})
	if one, many := p.T("date.hours", "N", 1), p.T("date.hours", "N", 2); one != "1 hour" || many != "2 hours" {
		t.Errorf("%q and %q", one, many)
	}
}
