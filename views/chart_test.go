package views

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// sampleChart is a response curve as a drill of twenty-odd people gives it.
func sampleChart() Chart {
	c := Chart{Title: "【演练】不用出发 应答曲线 #k13 东堤装沙袋，三号门到五号门，连夜值守，请带手套、头灯、雨衣", X: "问到以后的分钟数",
		Lines: []ChartLine{{Name: "能去 15"}, {Name: "去不了 5"}, {Name: "能去，但要晚点或有条件 2"}}}
	for m := range 31 {
		c.Labels = append(c.Labels, strconv.Itoa(m))
		for i, of := range []int{2, 6, 11} {
			c.Lines[i].Values = append(c.Lines[i].Values, float64(m/of))
		}
	}
	return c
}

// The picture is held against a kept one. Lines and letters may differ by a
// shade where another version of the library draws them; a word or a line that
// is missing may not.
func TestAChartLooksLikeTheKeptOne(t *testing.T) {
	t.Parallel()
	raw, err := sampleChart().PNG()
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join("testdata", "chart.png")
	if os.Getenv("MUSTER_UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(kept, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	// One pixel in two hundred: a single Chinese word is more.
	if share := differing(t, raw, want); share > 0.005 {
		t.Errorf("%.2f%% of the picture is another; look at it, and keep it with MUSTER_UPDATE_GOLDEN=1", share*100)
	}
	less := sampleChart()
	less.Lines[2].Values = make([]float64, len(less.Labels))
	other, err := less.PNG()
	if err != nil {
		t.Fatal(err)
	}
	if share := differing(t, other, want); share <= 0.005 {
		t.Errorf("a line gone flat changes only %.2f%%: the comparison sees nothing", share*100)
	}
}

// differing is the share of pixels that are visibly another.
func differing(t *testing.T, a, b []byte) float64 {
	t.Helper()
	x, y := decodePNG(t, a), decodePNG(t, b)
	if x.Bounds() != y.Bounds() {
		t.Fatalf("sizes %v and %v", x.Bounds(), y.Bounds())
	}
	n := 0
	for i := range x.Bounds().Dx() {
		for j := range x.Bounds().Dy() {
			r1, g1, b1, _ := x.At(i, j).RGBA()
			r2, g2, b2, _ := y.At(i, j).RGBA()
			if far(r1, r2) || far(g1, g2) || far(b1, b2) {
				n++
			}
		}
	}
	return float64(n) / float64(x.Bounds().Dx()*x.Bounds().Dy())
}

func far(a, b uint32) bool { return max(a, b)-min(a, b) > 0x3000 }

func decodePNG(t *testing.T, raw []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestTheSameChartIsTheSameBytesOnWhite(t *testing.T) {
	t.Parallel()
	one, err := sampleChart().PNG()
	if err != nil {
		t.Fatal(err)
	}
	two, err := sampleChart().PNG()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one, two) {
		t.Error("drawn twice, it differs")
	}
	img := decodePNG(t, one)
	for _, at := range []image.Point{{1, 1}, {chartWidth - 2, 1}, {chartWidth - 2, chartHeight - 2}} {
		if r, g, b, a := img.At(at.X, at.Y).RGBA(); r != 0xffff || g != 0xffff || b != 0xffff || a != 0xffff {
			t.Errorf("the corner at %v is not white", at)
		}
	}
}

func TestAChartWithLinesOfOtherLengthsIsRefused(t *testing.T) {
	t.Parallel()
	c := sampleChart()
	c.Lines[0].Values = c.Lines[0].Values[1:]
	if _, err := c.PNG(); err == nil {
		t.Error("a line without a value for each label was drawn")
	}
}

func TestTheAxisOfCountsBeginsAtNoneAndHoldsTheMost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		most := float64(rapid.IntRange(0, 100000).Draw(t, "most"))
		top, step := chartTop(most)
		if top < most || top > 2*most+1 || step < 1 || int(top/step) > 6 || step != float64(int(step)) {
			t.Fatalf("for %v the axis ends at %v in steps of %v", most, top, step)
		}
	})
}

// Every character of our own words can be drawn; what the font does not have
// is shown as a gap of its own, never as nothing.
func TestTheFontHasOurWords(t *testing.T) {
	t.Parallel()
	font, err := readFont()
	if err != nil {
		t.Fatal(err)
	}
	if got := drawable(font, "张龘 🙂 Ann"); got != "张〓 〓 Ann" {
		t.Errorf("missing characters: %q", got)
	}
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		for _, key := range []string{"call.drill", "report.axis", "report.state_yes", "report.state_no", "report.state_later"} {
			if text := p.T(key); drawable(font, text) != Plain(text) {
				t.Errorf("%s %s: %q loses characters", lang, key, text)
			}
		}
	}
}
