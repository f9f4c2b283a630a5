package grammar

import (
	"regexp"
	"slices"
	"strings"
)

func wordSet(lists ...string) map[string]bool {
	m := map[string]bool{}
	for _, list := range lists {
		for w := range strings.SplitSeq(list, "|") {
			m[w] = true
		}
	}
	return m
}

// weakYes agree only with a question that the bot had asked.
var weakYes = wordSet("ok|okay|k|sure|fine|y|yep|yeah|yup|sounds good|works for me|will do|me|of course|absolutely|definitely|no problem|can do|i can|alright|great|gladly|with pleasure|i will|ill go|i can go|happy to|works|is fine|is good|is ok|works well|suits me",
	"可以|可以的|我可以|可以啊|我去|去|我能去|能去|能|能的|行|行的|好|好的|好呀|好嘞|嗯|嗯嗯|没问题|来|去的|会去|是|是的|对|愿意|我愿意|我会去|可以去|我可以去|同意|我行|我能|到|到了|ok的|没事")

// politeClause say nothing by themselves.
var politeClause = wordSet("ok|okay|thanks|thank you|thx|ty|thank you so much|many thanks|hi|hello|hey|hi all|hi everyone|great|please|got it|noted|roger|sorry|so sorry|my apologies|see you|see you there|see you then|see you all|cheers|well|oh|good morning|good evening|morning all",
	"收到|好的|好|好嘞|嗯|嗯嗯|谢谢|谢谢大家|多谢|辛苦|辛苦了|大家辛苦了|你好|您好|大家好|早上好|晚上好|抱歉|不好意思|对不起|实在抱歉|到时见|不见不散|明白|了解|ok的|好滴|哈哈|哈|加油|冲|哇|太好了|感谢|感谢组织")

// noReasons may stand beside a no.
var noReasons = wordSet("something came up|sth came up|i have to work|have to work|im working|i work|im sick|i am sick|sick|im ill|im busy|i am busy|busy|im away|im out of town|family matter|family emergency|next time|maybe next time|hope it goes well|good luck|have fun|this time",
	"有事|我有事|临时有事|家里有事|家里有点事|有点事|有别的事|单位有事|加班|要加班|我要加班|要上班|上班|我上班|生病了|病了|感冒了|我感冒了|身体不舒服|不舒服|出差|在外地|我在外地|我出差|下次|下次吧|下次一定|下次参加|这次|时间冲突|时间冲突了|有安排|有安排了|临时加班|孩子生病|孩子病了|堵车|走不开|实在走不开")

var reasonForm = regexp.MustCompile(`^(?:(?:我|家里|家人|老人|孩子|小孩|娃|爸妈|我爸|我妈|老婆|老公|单位|公司|学校)(?:今天|明天|突然|临时|有点|要|得|的)?)(?:有事|有急事|生病了?|病了|发烧了?|感冒了?|住院了?|不舒服|加班|出差|上班|开会|考试|有课|要上课)$|^(?:临时|突然)?(?:有急事|有点事|要开会|要考试|要出差|要加班|有课)$|^(?:my |the )?(?:kid|kids|son|daughter|mom|mum|dad|wife|husband|family|child|baby|mother|father)s? (?:is|are|got) (?:sick|ill|unwell|in hospital)$|^(?:i have|ive got|i got) (?:a |an )?(?:cold|fever|flu|meeting|exam|class|conflict|work|emergency|family emergency)$`)

var bareNo = wordSet("no|nope|nah|no thanks|no thank you|not me|cancel", "取消|不|不了|不用|不用了|否|取消吧|我要取消|我取消|我想取消|要取消|想取消")

var (
	noZh       = regexp.MustCompile(`^(?:那)?(?:请|麻烦)?(?:帮我|给我|我|本人|我这边|我这次|这次|这次我|今天|我今天)?(?:可能|恐怕|也|都|真的|真|实在|确实|又|就|还是|要|想|得|需要|申请)?(?:来不了|去不了|来不成|去不成|不能来|不能去|没法来|没法去|没法参加|无法来|无法去|无法参加|无法到场|无法前往|参加不了|不能参加|不参加|不来|不去|没空|没时间|没有时间|没有空|没空来|没空去|没空参加|没时间来|没时间去|没时间参加|抽不开身|退出|退出报名|取消报名|取消(?:我)?的?报名|取消参加|撤销报名|不报名|不报|不方便|不太方便|到不了|赶不上|赶不过来|赶不到|去不到|请假|请个假|缺席|不加入|放弃|放弃名额)(?:了)?$`)
	noZhUnsure = regexp.MustCompile(`可能|恐怕`)
	noDM       = wordSet("不行|不能|不可以|我不行|我不能|不行了|有事|没法|busy|im busy|not this time|not today", "unfortunately not|not possible|i have plans|im away")
	noEn       = regexp.MustCompile(`^(?:sorry |unfortunately |im afraid |no |please )*(?:im |i am |i |we )?(?:really |just )?(?:out|count me out|cant|cannot|can not|not in|no longer in|no longer coming|no longer available|no longer able to come|no longer free|cant anymore|cannot anymore|not anymore|(?:cant|cannot|can not|wont|will not|wont be able to|will not be able to|not able to|unable to|am unable to|am not able to|couldnt|no longer able to|can no longer) (?:make it|make this one|make that|come|attend|join|be there|do it|do this|do that|go|participate|help|help out|come along|make it anymore|come anymore)(?: after all| this time| today| tonight| anymore)?|not (?:coming|going|joining|available|able to come|able to make it|able to attend|able to join|attending|free)(?: after all| this time| today| tonight| anymore)?|withdraw|withdrawing|drop me|take me off|take me off the list|remove me|remove me from the list|take my name off|take my name off the list|dropping out|drop out|pulling out|pull out|have to cancel|need to cancel|must cancel|have to drop out|need to drop out|have to pull out|have to withdraw|cancel my (?:signup|sign up|sign-up|place|spot|slot)|unavailable|decline)$`)
)

const (
	strongEn = `im in|i am in|count me in|sign me up|sign me in|put me down|put my name down|add me|ill come|i will come|ill be there|i will be there|i can come|i can make it|im coming|i am coming|ill join|i will join|id like to join|i would like to join|i want to join|i want to sign up|id like to sign up|i would like to sign up|id like to come|id love to come|id love to join|im joining|i am joining|signing up|im signing up|ill help|i will help|i can help|id like to help|ill be in|ill take it|ill take a place|ill take a spot|i can attend|ill attend|i will attend|definitely in|im definitely in|i am definitely in|im all in|i volunteer|ill volunteer|yes i can|yes i will|in`
	strongZh = `(?:我|本人)?(?:这边)?(?:也|就)?(?:要|想|想要|愿意|可以|能|会|来|一定|准时|确定|肯定|准备|申请|也来)?(?:报名参加|报个名|报名|报一个|报1个|参加|加入|参与)(?:一个|1个|一下|这次活动|本次活动|活动|这次|本次|志愿者)?|也?算我一个|也?算上我|也?算我1个|算我一份|加我一个|加我1个|带我一个|加上我|我算一个|(?:给|帮|替)我(?:报名|报个名|报一个|报上)|我?(?:也|就|会|能|可以|一定|肯定|准时)?来(?:参加|报名)|我(?:也|就|会|能|可以|一定|肯定|能准时|会准时|准时)?来|(?:能|可以|会|一定|也能|也可以)来|(?:我|本人)?(?:会|能|可以|一定|保证)?(?:准时|按时)(?:到|参加|到场|到达)|我(?:能|会|可以)(?:到|到场)|加1|加一`
)

var (
	yesHead    = regexp.MustCompile(`^(?:yes|yep|yeah|yup|sure|ok|okay|of course|absolutely|definitely|please|no problem|no worries|sounds good|great|perfect|可以|好的|好|行|没问题|嗯|收到|是的|可以的)\s+(?:and\s+|please\s+)?`)
	yesHeadZh  = regexp.MustCompile(`^(?:收到|好的|好|没问题|嗯嗯|嗯|行|是的|ok)\s*`)
	yesStrong  = regexp.MustCompile(`^(?:` + strongEn + `|yes)(?:\s|$)|^(?:` + strongZh + `)`)
	yesPlus    = regexp.MustCompile(`^\+\s?(\d{1,2}|一|二|两|三|四|五|六|七|八|九|十)(?:\s*(?:人|个|位|个人|名|people|persons|ppl))?(?:[:\-]?\s|$|[\p{Han}])`)
	yesOne     = regexp.MustCompile(`^1(?:\s|$)`)
	partyLed   = regexp.MustCompile(`^(?:我)?(?:还)?带(?:上)?(\d{1,2}|[一二两三四五六七八九十])\s*(?:个|位|名)?(?:朋友|人|同事|同学|家人|孩子|小孩|伙伴|家属)(?:一起|一块)?(?:去|来)?(?:来|参加|报名)$`)
	partySelf  = regexp.MustCompile(`^(?:我们|咱们)?\s*(?:一共|共)?(\d{1,2}|[一二两三四五六七八九十])\s*(?:个人|人|位|个|名)\s*(?:都|一起)?\s*(?:(?:来)?(?:报名|参加|加入)|来)$`)
	partyWe    = regexp.MustCompile(`^(?:party of|my party is|count us in|sign us up|were in|we are in|put us down)\s*(?:for)?\s*(?:-|:)?\s*(\d{1,2}|two|three|four|five|six)(?: people| of us| persons| ppl)?$`)
	partyTotal = regexp.MustCompile(`^(?:共|一共|我们|总共|for|party of|we are|there are|were|there will be)?\s*(\d{1,2}|[一二两三四五六七八九十]|two|three|four|five|six)\s*(?:个人|人|位|个|名|people|persons|of us|ppl|of us in total|in total)$|^(?:party of|we are|for)\s*(\d{1,2}|two|three|four|five|six)$`)
	partyMore  = regexp.MustCompile(`^(?:我)?(?:还)?(?:再)?(?:带|\+|plus|with|and|bringing|i bring|ill bring|im bringing)\s*(\d{1,2}|[一二两三四五六七八九十]|a|an|one|two|three|four|five|six)\s*(?:个|位|名)?\s*(?:朋友|人|同事|同学|家人|孩子|小孩|伙伴|家属|friends?|people|others?|guests?|colleagues?|persons?|more|kids?|more people)?$`)
	roleJoint  = regexp.MustCompile(`^(?:as an?|as the|as|for the|for|to be an?|to be the|an?|the|当|做|担任|去当|来当|to)\s*`)
	dayJoint   = regexp.MustCompile(`^(?:for|on|the|at|in|那天|那场|场|的|this|都|班|shift)\s*$`)
)

var smallNumbers = map[string]int{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

func smallNumber(s string) int {
	if n, ok := smallNumbers[s]; ok {
		return n
	}
	return needNumber(s)
}

// knownRoles are words that are a role wherever they are said; the roles of
// the call come with Options.
var knownRoles = wordSet("driver|lifter|doctor|nurse|guide|cook|chef|medic|translator|interpreter|helper|runner|rider|courier|leader|captain|photographer|usher|carrier|packer|sorter|cleaner|teacher|tutor|coach|medical|logistics|first aid|first aider|firstaid|traffic|security|registration|reception|receptionist|host|cashier|electrician|plumber|carpenter|mechanic|digger|boat|boatman|scout|swimmer|lifeguard|paramedic|pharmacist|dentist|barber|hairdresser|masseur|greeter|marshal|steward|warden|dispatcher|operator|observer|recorder|clerk|stocker|loader|mover|van driver|truck driver|car driver|bus driver|boat driver|team leader|crew|patrol|supplies|kitchen",
	"司机|驾驶员|医生|护士|引导员|引导|装卸|装卸工|搬运|搬运工|厨师|翻译|摄影|摄影师|摄像|后勤|安保|保安|登记|签到员|讲解员|讲解|主持|主持人|队长|组长|领队|向导|急救|急救员|理发|理发师|维修|维修工|电工|水工|木工|焊工|救生员|潜水员|船员|巡逻|巡查|值守|值班|配送|骑手|快递员|外卖员|物资|采购|宣传|文案|记录|记录员|联络|联络员|联系人|疏导|疏导员|咨询|导诊|导医|分诊|消毒|清洁|保洁|保洁员|清淤|搜救|救援|机动|替补|协管|协管员|裁判|老师|教练|志愿者|心理咨询|心理咨询师|药师|牙医|中医|抄写|写春联|量血压|测血压|司仪|音响|布置|礼仪|收银|收银员|分拣|分拣员|打包|打包员|挖掘机|挖掘机手|皮划艇|冲锋舟|无人机|无人机手|飞手")

var (
	roleTailZh = regexp.MustCompile(`^\p{Han}{1,5}[员师工]$`)
	roleTailEn = regexp.MustCompile(`^[a-z]+(?:er|or|ist|ian|man|woman|aid)s?(?: [a-z]+)?$|^[a-z]+ [a-z]+(?:er|or|ist|ian|man|aid)s?$`)
	notRole    = regexp.MustCompile(`^[的了都也]|人员|会员|成员|党员|全员|动员|先生|学生|医生吗|一起|名单|小组|几组|哪|谁|什么|没|不|了$|吗$|\b(?:never|however|better|later|other|another|brother|sister|mother|father|daughter|her|over|after|ever|either|neither|whatever|whoever|rather|together|yesterday|forever|super|peter|water|weather|dinner|under|offer|order|answer|number|remember|consider|wonder|for|or|nor|favor|honor|color|error|said|paid|afraid|human|can|than|man|woman|everyone|my|his|their|your|our|he|she|they|him|them|we|you|it|this|that|these|those|to|from|not|no|mister|master|whether|per|summer|winter|december|november|october|september|chatter|newsletter|letter|poster|flyer|calendar|paper|matter|dear|clear)\b`)
)

// roleWord tells whether words name a role.
func roleWord(s string, o Options) bool {
	folded := Fold(s)
	if folded == "" || len([]rune(folded)) > 24 {
		return false
	}
	if knownRoles[folded] || knownRoles[strings.TrimSuffix(folded, "s")] {
		return true
	}
	if slices.ContainsFunc(o.Roles, func(role string) bool { return Fold(role) == folded || Fold(role) == strings.TrimSuffix(folded, "s") }) {
		return true
	}
	return !o.strictRoles && !notRole.MatchString(folded) && (roleTailZh.MatchString(folded) || roleTailEn.MatchString(folded))
}
