package main

// monthWords is what is written and read over the month in one language.
type monthWords struct {
	top, couriers, clinic, admin, digest, study, hygiene string
	calls                                                [5]string // in the order of their numbers
	cancel, served                                       string
	rolls                                                [4]string // k1, k2, k4, k5
	lateRoll, excused, reflection, in, code, at          string

	digestSaid, overEight, overEightDone, lateAsked, contest, contestOver string   // whole messages
	ask, lateWaits, told, toldLate, toldYes                               []string // sentences
	alt                                                                   []string
	summary, record                                                       string
	corrected, correctedStudy                                             string
	which, rowsOf, table, refused                                         string
	opened, named, forgotten                                              map[string]string // the rows behind a number, by how they are asked for
	preview, forget, sure, planned                                        string
}

var months = map[string]monthWords{
	"zh": {top: "城东联合党委", couriers: "骑手支部", clinic: "医院支部", admin: "角色 <@U004> 管理员", digest: "定期汇总 每月1日 9:00 <#C002|汇总>",
		study:   "学习 骑手安全课 | 时间: 每周三 19:30 | 时长: 1h | 范围: 骑手支部 | 补学: 3d | 截止: 11月30日",
		hygiene: "学习 手卫生 | 时间: 11月17日 12:30 | 时长: 1h | 范围: 医院支部 | 补学: 3d",
		alt:     []string{"汇总 · 2026年11月", "医院支部 83%"},
		calls: [5]string{"招募 社区爱心义诊 | 类型: 关爱 | 时间: 11月7日 9:00-11:30 | 地点: 绿城社区 | 需要: 2 | 询问: 不用",
			"招募 装沙袋 | 时间: 11月14日 8:00-17:00 | 地点: 东堤 | 需要: 1 | 询问: 不用", "招募 发放物资 | 时间: 11月15日 9:00-11:00 | 地点: 东堤 | 需要: 2 | 询问: 不用",
			"招募 夜间值守 | 时间: 11月21日 19:00-21:00 | 地点: 东堤 | 需要: 3 | 询问: 不用", "招募 清扫积雪 | 时间: 11月22日 14:00-16:00 | 地点: 绿城社区 | 需要: 1 | 询问: 不用"},
		cancel: "招募 k3 取消 下雨", served: "招募 k1 服务 86",
		rolls:    [4]string{"招募 k1 点名 全部", "招募 k2 点名 <@U011|zhoutao>", "招募 k4 点名 <@U010|sunlei> <@U012|wuxia>", "招募 k5 点名 <@U006|liuyang>"},
		lateRoll: "学习 s1 点名 11月25日 <@U006|liuyang> <@U011|zhoutao> <@U012|wuxia>", excused: "学习 s1 点名 请假 <@U011|zhoutao> 家里有事",
		reflection: "学习了安全条例，以后雨天提前减速、先报备再出发，也提醒同站的伙伴一起做到，再也不抢时间。", in: "1 学时", code: "签到码", at: "已签到",

		digestSaid: "好的，#d1：每月 1 日 9:00 把汇总发到 <#C002>。下一次：周二 12月1日 9:00。",
		overEight: "这些工时要你来看一下：\n<@U011> · 装沙袋（#k2）\n周六 11月14日 8:00–17:00，9 小时\n依据：点名，本人确认\n<@U001> 点名，周六 11月14日 18:00\n" +
			"一天超过 8 小时，要第二个人同意才计入。",
		overEightDone: "<@U011> · 装沙袋（#k2）\n周六 11月14日 8:00–17:00，9 小时\n依据：点名，本人确认\n<@U001> 点名，周六 11月14日 18:00\n已计入，<@U004> 同意",
		lateAsked: "这些工时要你来看一下：\n<@U006> · 清扫积雪（#k5）\n周日 11月22日 14:00–16:00，2 小时\n依据：过后补的点名\n" +
			"<@U001> 补录，周二 11月24日 10:00（结束一天以后）\n这是过后补录的，要第二个人同意才计入。",
		contest: "<@U012> 说夜间值守（#k4）的点名有误。请再点一次名，改好之前不计入。\n<@U012> · 夜间值守（#k4）\n周六 11月21日 19:00–21:00，2 小时\n" +
			"依据：只有点名，本人还没有确认\n<@U001> 点名，周六 11月21日 21:30\n有异议，还没有决定，不计入",
		contestOver: "<@U012> 说夜间值守（#k4）的点名有误，已经有了结果：\n<@U012> · 夜间值守（#k4）\n周六 11月21日 19:00–21:00，2 小时\n" +
			"依据：点名，本人确认\n<@U001> 点名，周六 11月21日 21:30\n已计入，<@U004> 同意",
		ask: []string{"对吗"}, lateWaits: []string{"清扫积雪（#k5）：点名记你 14:00–16:00，2 小时。等第二个人同意，还不计入。"},
		told:     []string{"你的工时：装沙袋（#k2），周六 11月14日 8:00–17:00，9 小时。", "已计入，<@U004> 同意"},
		toldLate: []string{"你的工时：清扫积雪（#k5），周日 11月22日 14:00–16:00，2 小时。", "已计入，<@U004> 同意"},
		toldYes:  []string{"你的工时：夜间值守（#k4），周六 11月21日 19:00–21:00，2 小时。", "<@U004> 看过了，认为点名没有错。你确认后计入。"},

		summary: "汇总 · 2026年11月\n招募   发起 5 场，招满 3 场（平均 1 分钟招满），取消 1 场，1 场缺 1 人\n" +
			"志愿   4 人（比上月多 4 人），已核实 18 小时；另有 2 小时待确认，未计入\n         现场签到 5，点名后本人确认 11，补录 2\n服务   86 人\n" +
			"学习   应到 24 人次，参加 20，补学 1，请假 1，缺席 2\n         医院支部 83%\n         骑手支部 4 次学习，3 次有记录（应到 18 人次，到 16 人次）；11月25日无记录，不计完成率",
		record:         `记录至第 (\d+) 条 · 核对码 (\S+)（记录被改动就对不上）`,
		corrected:      "更正：已核实小时 18 → 20，待确认小时 2 → 0。原因：工时有补录、有确认，或异议有了结果。上面的汇总保持发布时的数字。",
		correctedStudy: "更正：学习应到 24 → 30，学习参加 20 → 23，学习缺席 2 → 5。原因：补学、补录，或点名有更正。上面的汇总保持发布时的数字。",
		which:          "看哪个数字的明细？", rowsOf: "*明细 · 已核实小时 · 2026年11月，共 5 条*", table: "好的，报名、小时和出勤三张表会发到你的私信里。",
		refused: "只有组织者可以这样做。",
		opened: map[string]string{
			"汇总 上月 明细 小时": "*明细 · 已核实小时 · 2026年11月，共 5 条*\n周六 11月7日 9:00 · #k1 社区爱心义诊 · <@U006> · 2.5 小时\n周六 11月7日 9:00 · #k1 社区爱心义诊 · <@U010> · 2.5 小时\n" +
				"周六 11月14日 8:00 · #k2 装沙袋 · <@U011> · 9 小时\n周六 11月21日 19:00 · #k4 夜间值守 · <@U010> · 2 小时\n周日 11月22日 14:00 · #k5 清扫积雪 · <@U006> · 2 小时",
			"汇总 2026-11 明细 待确认": "*明细 · 待确认小时 · 2026年11月，共 1 条*\n周六 11月21日 19:00 · #k4 夜间值守 · <@U012> · 2 小时",
			"汇总 上月 明细 缺人":       "*明细 · 缺的人数 · 2026年11月，共 1 条*\n周六 11月21日 19:00 · #k4 夜间值守 · 1 人",
			"汇总 上月 明细 服务":       "*明细 · 服务人数 · 2026年11月，共 1 条*\n周六 11月7日 11:30 · #k1 社区爱心义诊 · 86 人",
			"汇总 上月 明细 取消":       "*明细 · 取消的招募 · 2026年11月，共 1 条*\n周一 11月2日 10:00 · #k3 发放物资",
			"汇总 上月 明细 晴天":       "没有“晴天”这个数字。可以这样写：/muster 汇总 上周 明细 小时",
		},
		named: map[string]string{
			"汇总 上月 骑手支部 明细 缺席": "*明细 · 学习缺席 · 2026年11月，共 1 条*\n周三 11月4日 19:30 · #s1 骑手安全课 · <@U013>",
			"汇总 上月 骑手支部 明细 补学": "*明细 · 补学 · 2026年11月，共 1 条*\n周三 11月11日 19:30 · #s1 骑手安全课 · <@U012>",
			"汇总 上月 骑手支部 明细 请假": "*明细 · 学习请假 · 2026年11月，共 1 条*\n周三 11月18日 19:30 · #s1 骑手安全课 · <@U011>",
		},
		forgotten: map[string]string{
			"汇总 上月 明细 小时": "*明细 · 已核实小时 · 2026年11月，共 6 条*\n周六 11月7日 9:00 · #k1 社区爱心义诊 · <@U006> · 2.5 小时\n周六 11月7日 9:00 · #k1 社区爱心义诊 · 已按本人要求忘记 · 2.5 小时\n" +
				"周六 11月14日 8:00 · #k2 装沙袋 · <@U011> · 9 小时\n周六 11月21日 19:00 · #k4 夜间值守 · 已按本人要求忘记 · 2 小时\n周六 11月21日 19:00 · #k4 夜间值守 · <@U012> · 2 小时\n" +
				"周日 11月22日 14:00 · #k5 清扫积雪 · <@U006> · 2 小时",
		},
		preview: "汇总 2026-11", forget: "隐私 忘记", sure: "忘记你以后", planned: "周六 12月12日 9:00 会忘记你。在那之前可以收回。",
	},
	"en": {top: "East district", couriers: "Couriers", clinic: "Clinic", admin: "role <@U004> admin", digest: "digest monthly on the 1st 9:00 <#C002|summaries>",
		study:   "study Safe riding | when: every Wed 19:30 | length: 1h | for: Couriers | makeup: 3d | until: 30 Nov",
		hygiene: "study Clean hands | when: 17 Nov 12:30 | length: 1h | for: Clinic | makeup: 3d",
		alt:     []string{"Summary · November 2026", "Clinic 83%"},
		calls: [5]string{"call Free clinic | kind: care | when: 7 Nov 9:00-11:30 | where: Greentown | need: 2 | ask: no",
			"call Sandbags | when: 14 Nov 8:00-17:00 | where: East dike | need: 1 | ask: no", "call Handing out goods | when: 15 Nov 9:00-11:00 | where: East dike | need: 2 | ask: no",
			"call Night watch | when: 21 Nov 19:00-21:00 | where: East dike | need: 3 | ask: no", "call Clearing snow | when: 22 Nov 14:00-16:00 | where: Greentown | need: 1 | ask: no"},
		cancel: "call k3 cancel rain", served: "call k1 served 86",
		rolls:    [4]string{"call k1 roll all", "call k2 roll <@U011|zhoutao>", "call k4 roll <@U010|sunlei> <@U012|wuxia>", "call k5 roll <@U006|liuyang>"},
		lateRoll: "study s1 roll 25 Nov <@U006|liuyang> <@U011|zhoutao> <@U012|wuxia>", excused: "study s1 roll excused <@U011|zhoutao> family",
		reflection: "In the rain I slow down early, report before I set out, and remind the others at my station to do so too.", in: "1 hour", code: "On-site code", at: "Checked in",

		digestSaid: "All right, #d1: a summary on day 1 of each month 9:00 to <#C002>. Next: Tue 1 Dec 9:00.",
		overEight: "These hours need your word:\n<@U011> · Sandbags (#k2)\nSat 14 Nov, 8:00–17:00, 9 hours\nEvidence: the roll, and the person's own yes\nRoll by <@U001>, Sat 14 Nov 18:00\n" +
			"Over 8 hours in a day count once a second person agrees.",
		overEightDone: "<@U011> · Sandbags (#k2)\nSat 14 Nov, 8:00–17:00, 9 hours\nEvidence: the roll, and the person's own yes\nRoll by <@U001>, Sat 14 Nov 18:00\nCounted; <@U004> agreed",
		lateAsked: "These hours need your word:\n<@U006> · Clearing snow (#k5)\nSun 22 Nov, 14:00–16:00, 2 hours\nEvidence: a roll taken late\n" +
			"Entered late by <@U001>, Tue 24 Nov 10:00 (more than a day after it ended)\nWhat is entered late counts once a second person agrees.",
		contest: "<@U012> says the roll of Night watch (#k4) is wrong about them. Please look at it again; nothing counts until then.\n<@U012> · Night watch (#k4)\nSat 21 Nov, 19:00–21:00, 2 hours\n" +
			"Evidence: the roll alone, without the person's own yes\nRoll by <@U001>, Sat 21 Nov 21:30\nContested and not decided yet; not counted",
		contestOver: "<@U012> said the roll of Night watch (#k4) is wrong about them. It is settled:\n<@U012> · Night watch (#k4)\nSat 21 Nov, 19:00–21:00, 2 hours\n" +
			"Evidence: the roll, and the person's own yes\nRoll by <@U001>, Sat 21 Nov 21:30\nCounted; <@U004> agreed",
		ask: []string{"Is that right?"}, lateWaits: []string{"Clearing snow (#k5): the roll has you down for 14:00–16:00, 2 hours. Waiting for a second person; not counted yet."},
		told:     []string{"Your hours: Sandbags (#k2), Sat 14 Nov, 8:00–17:00, 9 hours.", "Counted; <@U004> agreed"},
		toldLate: []string{"Your hours: Clearing snow (#k5), Sun 22 Nov, 14:00–16:00, 2 hours.", "Counted; <@U004> agreed"},
		toldYes:  []string{"Your hours: Night watch (#k4), Sat 21 Nov, 19:00–21:00, 2 hours.", "<@U004> looked at it and finds the roll right. They count once you agree."},

		summary: "Summary · November 2026\nCalls   5 opened, 3 filled (in 1 minute on average), 1 cancelled, 1 short of 1 person\n" +
			"Volunteers   4 (4 more than last month), 18 hours confirmed; a further 2 hours await confirmation and are not counted\n" +
			"         5 checked in on site, 11 on the roll and confirmed by the person, 2 entered late\nServed   86\n" +
			"Study   24 due, 20 attended, 1 made up, 1 excused, 2 absent\n         Clinic 83%\n         Couriers 4 sessions, 3 with a record (18 due, 16 came); none for 25 Nov, not in the rate",
		record: `Record to entry (\d+) · check code (\S+) \(it stops matching if a record is altered\)`,
		corrected: "Corrected: confirmed hours 18 → 20, hours awaiting confirmation 2 → 0. Why: hours were entered late or confirmed, or a contest was decided. " +
			"The summary above keeps the numbers it was posted with.",
		correctedStudy: "Corrected: expected at study 24 → 30, attended study 20 → 23, absent from study 2 → 5. Why: study was made up or entered late, or the roll was corrected. " +
			"The summary above keeps the numbers it was posted with.",
		which: "Which number shall I open?", rowsOf: "*Rows · confirmed hours · November 2026, 5 in all*", table: "Three tables (sign-ups, hours, attendance) will come to you as a direct message.",
		refused: "Only organizers can do this.",
		opened: map[string]string{
			"summary last month rows hours": "*Rows · confirmed hours · November 2026, 5 in all*\nSat 7 Nov 9:00 · #k1 Free clinic · <@U006> · 2.5 h\nSat 7 Nov 9:00 · #k1 Free clinic · <@U010> · 2.5 h\n" +
				"Sat 14 Nov 8:00 · #k2 Sandbags · <@U011> · 9 h\nSat 21 Nov 19:00 · #k4 Night watch · <@U010> · 2 h\nSun 22 Nov 14:00 · #k5 Clearing snow · <@U006> · 2 h",
			"summary 2026-11 rows waiting":      "*Rows · hours awaiting confirmation · November 2026, 1 in all*\nSat 21 Nov 19:00 · #k4 Night watch · <@U012> · 2 h",
			"summary last month rows short":     "*Rows · places short · November 2026, 1 in all*\nSat 21 Nov 19:00 · #k4 Night watch · 1 person",
			"summary last month rows served":    "*Rows · people served · November 2026, 1 in all*\nSat 7 Nov 11:30 · #k1 Free clinic · 86 people",
			"summary last month rows cancelled": "*Rows · calls cancelled · November 2026, 1 in all*\nMon 2 Nov 10:00 · #k3 Handing out goods",
			"summary last month rows sunshine":  "There is no number called “sunshine”. Try: /muster summary last week rows hours",
		},
		named: map[string]string{
			"summary last month Couriers rows absent":  "*Rows · absent from study · November 2026, 1 in all*\nWed 4 Nov 19:30 · #s1 Safe riding · <@U013>",
			"summary last month Couriers rows makeup":  "*Rows · made up · November 2026, 1 in all*\nWed 11 Nov 19:30 · #s1 Safe riding · <@U012>",
			"summary last month Couriers rows excused": "*Rows · excused from study · November 2026, 1 in all*\nWed 18 Nov 19:30 · #s1 Safe riding · <@U011>",
		},
		forgotten: map[string]string{
			"summary last month rows hours": "*Rows · confirmed hours · November 2026, 6 in all*\nSat 7 Nov 9:00 · #k1 Free clinic · <@U006> · 2.5 h\nSat 7 Nov 9:00 · #k1 Free clinic · somebody forgotten at their own wish · 2.5 h\n" +
				"Sat 14 Nov 8:00 · #k2 Sandbags · <@U011> · 9 h\nSat 21 Nov 19:00 · #k4 Night watch · somebody forgotten at their own wish · 2 h\nSat 21 Nov 19:00 · #k4 Night watch · <@U012> · 2 h\n" +
				"Sun 22 Nov 14:00 · #k5 Clearing snow · <@U006> · 2 h",
		},
		preview: "summary 2026-11", forget: "privacy forget", sure: "When you are forgotten", planned: "You will be forgotten on Sat 12 Dec 9:00. Until then you can take it back.",
	},
}
