package grammar

import "testing"

func BenchmarkParseWhen(b *testing.B) {
	o := shanghai(b)
	for _, c := range []struct{ name, typed string }{
		{"zh", "下周五晚上7点半到9点"}, {"en", "next Friday 7:30pm - 9pm"}, {"rule", "每月第一个周一 19:30"}, {"list", "周六 9:00-11:00, 14:00-16:00"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParseWhen(c.typed, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseCall(b *testing.B) {
	o := shanghai(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseCall("社区爱心义诊 | 类型: 关爱 | 时间: 周六 9:00-11:00 | 地点: 绿城社区 | 需要: 医生 2, 引导员 4", o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseReply(b *testing.B) {
	o := shanghai(b)
	for _, c := range []struct{ name, typed string }{
		{"yes", "+1 driver 周六"}, {"no", "抱歉，临时有事，来不了"}, {"chatter", "昨天的活动很好，谢谢大家的参加，下次再来"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ParseReply(c.typed, o)
			}
		})
	}
}

func BenchmarkParseCommand(b *testing.B) {
	for b.Loop() {
		ParseCommand("call k12 edit need: lifter 8")
	}
}
