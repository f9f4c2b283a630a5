package grammar

import "testing"

func TestWordsAboutSafety(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, word string
		sure       bool
	}{
		{"平安", SafeOK, true}, {"我平安", SafeOK, true}, {"平安。", SafeOK, true}, {"我很安全", SafeOK, true}, {"报平安", SafeOK, true},
		{"一切平安！", SafeOK, true}, {"在回家路上", SafeOK, true}, {"safe", SafeOK, true}, {"I'm safe.", SafeOK, true}, {"Safe!", SafeOK, true},
		{"we are safe", SafeOK, true}, {"on my way home", SafeOK, true}, {"I am still safe", SafeOK, true},
		{"没事", SafeOK, false}, {"I'm ok", SafeOK, false}, {"all good", SafeOK, false},
		{"我到家了", SafeHome, true}, {"到家", SafeHome, true}, {"已到家", SafeHome, true}, {"平安到家", SafeHome, true}, {"平安到家了", SafeHome, true}, {"回家了", SafeHome, true},
		{"home", SafeHome, true}, {"I'm home", SafeHome, true}, {"home safe", SafeHome, true}, {"back home", SafeHome, true}, {"Got home safely", SafeHome, true},
		{"需要帮助", SafeHelp, true}, {"我需要帮助！", SafeHelp, true}, {"救命", SafeHelp, true}, {"救命啊！", SafeHelp, true}, {"求助", SafeHelp, true}, {"SOS", SafeHelp, true},
		{"i need help", SafeHelp, true}, {"help me", SafeHelp, true}, {"send help", SafeHelp, true}, {"not safe", SafeHelp, true}, {"不安全", SafeHelp, true},
		{"我受伤了", SafeHelp, true}, {"被困了", SafeHelp, true}, {"I'm hurt", SafeHelp, true},
		{"help", SafeHelp, false}, {"帮助", SafeHelp, false}, {"Help!", SafeHelp, false},
		// Neither: other people, questions, not yet, other things.
		{"张三平安吗", "", false}, {"平安吗？", "", false}, {"还没到家", "", false}, {"not home yet", "", false}, {"回家", "", false},
		{"help call", "", false}, {"帮助 招募", "", false}, {"he is safe", "", false}, {"可以", "", false}, {"我来", "", false},
		{"注意安全", "", false}, {"stay safe", "", false}, {"is everybody safe", "", false}, {"", "", false},
		{"大家都平安到家以后我们再算一下今天一共装了多少个沙袋，还有多少个没有装", "", false},
	} {
		if got := ParseSafe(c.text); got.Word != c.word || got.Sure != c.sure {
			t.Errorf("%q is read as %+v, want %s, sure %v", c.text, got, c.word, c.sure)
		}
	}
}

func TestWordsOfDangerInASentence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"三号门水太大，我们两个被困在棚顶上了": true, "老李受伤了，腿动不了": true, "Bo is trapped behind gate 3": true, "Please SEND help to gate 3": true,
		"水送到了": false, "注意安全": false, "can I help with the sandbags": false, "帮助 招募": false, "": false,
	} {
		if got := SpeaksOfDanger(text); got != want {
			t.Errorf("%q speaks of danger: %v", text, got)
		}
	}
}

func FuzzSafe(f *testing.F) {
	f.Add("平安")
	f.Fuzz(func(t *testing.T, text string) {
		if got := ParseSafe(text); got.Word == "" && got.Sure {
			t.Errorf("%q is nothing for sure", text)
		}
	})
}
