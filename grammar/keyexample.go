package grammar

// keyExample is a right value of a key, as it is typed in either language.
type keyExample struct{ en, zh string }

// keyExamples show each key of the one-line forms with a value that reads, so
// that a fault in `drill` is not answered with an example of `urgent`.
var keyExamples = map[string]keyExample{
	"title": {"title: Sandbags", "标题: 社区义诊"}, "kind": {"kind: relief", "类型: 应急"}, "when": {"when: tomorrow 8:00-12:00", "时间: 明天 8:00-12:00"},
	"where": {"where: East dike, gate 3", "地点: 绿城社区"}, "need": {"need: lifter 6, driver 2", "需要: 医生 2, 引导员 4"}, "skill": {"skill: first aid", "技能: 急救"},
	"bring": {"bring: gloves", "携带: 手套"}, "private": {"private: door code 1234", "仅确认者可见: 门禁 1234"}, "opens": {"opens: 2d before", "开始报名: 提前2天"},
	"close": {"close: 2h before", "报名截止: 提前2小时"}, "guests": {"guests: 2", "携伴: 2"}, "urgent": {"urgent: yes", "紧急: 是"}, "ask": {"ask: 5 every 10m", "询问: 每10分钟5人"},
	"safety": {"safety: 1h", "报平安: 1小时"}, "buddy": {"buddy: yes", "结伴: 是"}, "drill": {"drill: yes", "演练: 是"}, "for": {"for: all", "范围: 全体"},
	"remind": {"remind: 1d, 1h", "提前: 1天, 1小时"}, "until": {"until: 31 Dec", "截止: 12月31日"}, "holidays": {"holidays: skip", "节假日: 跳过"},
	"capacity": {"capacity: 20", "人数: 20"}, "length": {"length: 90m", "时长: 90分钟"}, "hours": {"hours: 1.5", "学时: 1.5"},
	"slots": {"slots: Wed 19:30, Sat 9:00", "场次: 周三 19:30，周六 9:00"}, "link": {"link: https://example.org/reading", "链接: https://example.org/reading"},
	"duty": {"duty: members' meeting", "计入: 党员大会"}, "every": {"every: quarter", "周期: 每季度"}, "times": {"times: 2", "次数: 2"},
	"since": {"since: 1 Oct", "起始: 10月1日"}, "day": {"day: 18 Nov", "日期: 11月18日"}, "note": {"note: in the hall", "备注: 在活动室"}, "name": {"name: Members' meeting", "名称: 党员大会"},
	"makeup": {"makeup: 7d", "补学: 7天"}, "tags": {"tags: cases, safety", "标签: 案例, 安全"}, "by": {"by: Fri 18:00", "截止: 周五 18:00"},
}

// of shows how the key at fault is written, instead of the reason's own
// example.
func (r *Reason) of(key string, o Options) *Reason {
	if e, ok := keyExamples[key]; ok {
		r.about = &e
		r.Example = e.in(o.Lang)
		r.Args["Example"] = r.Example
	}
	return r
}

func (e keyExample) in(lang string) string {
	if lang == "en" {
		return e.en
	}
	return e.zh
}
