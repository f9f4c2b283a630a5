package main

import (
	"time"

	"muster/models"
)

// The sample organisation of the demo: a district's couriers, drivers, a
// community hospital and a social organisation; forty people as one meets them
// in this field, with irregular days, Chinese and English names.

type sampleUnit struct {
	Name, En string // En with --lang en
	Leader   string // Slack id
	Channel  string // Slack id of its channel, "" = none
	Handle   string // the channel's name
	HandleEn string
	Windows  []models.Window
}

type samplePerson struct {
	ID, Name, Handle string
	Unit             int // index into sampleUnits
	Title, TitleEn   string
	English          bool            // reads English
	Skills, Area     string          // as in sampleEnglish
	Windows          []models.Window // own, beside the unit's
	Free             []models.Window
}

// Channels that every member is in.
const (
	sampleCalls     = "C001"
	sampleSummaries = "C002"
	sampleLobby     = "C003"
	sampleAdmin     = "U001"
)

func span(h1, m1, h2, m2 int, days ...time.Weekday) models.Window {
	return models.Window{Days: days, Start: h1*60 + m1, End: h2*60 + m2}
}

func sampleUnits() []sampleUnit {
	return []sampleUnit{
		{"城东联合党委", "East district", sampleAdmin, "", "", "", nil},
		// Couriers ride through both rushes; they can read between them.
		{"外卖骑手支部", "Couriers' branch", "U002", "C010", "骑手支部", "couriers", []models.Window{span(10, 0, 11, 0), span(14, 30, 16, 30), span(21, 0, 22, 0)}},
		{"网约车司机支部", "Drivers' branch", "U003", "C011", "司机支部", "drivers", []models.Window{span(14, 0, 16, 0), span(20, 30, 22, 0)}},
		{"绿城社区医院支部", "Greentown clinic branch", "U004", "C012", "医院支部", "clinic", []models.Window{span(12, 0, 13, 30), span(18, 0, 20, 0)}},
		{"暖驿社会服务中心", "Warm Station centre", "U005", "C013", "暖驿", "warm-station", []models.Window{span(9, 0, 11, 30), span(14, 0, 17, 30)}},
	}
}

// sampleEnglish is what the skills and areas are called with --lang en: a call
// is matched with profiles by words, and one demo is in one language.
var sampleEnglish = map[string]string{"组织": "organizing", "骑行": "riding", "急救": "first aid", "驾驶": "driving", "装卸": "lifting",
	"医生": "doctor", "引导": "guide", "登记": "registration", "翻译": "translation", "量血压": "blood pressure",
	"城东": "East", "城南": "South", "城北": "North", "绿城": "Greentown"}

func samplePeople() []samplePerson {
	weekend := []models.Window{span(8, 0, 18, 0, time.Saturday, time.Sunday)}
	afternoons := []models.Window{span(14, 30, 16, 30)}
	early := []models.Window{span(10, 0, 11, 0), span(14, 30, 16, 30)}
	return []samplePerson{
		{"U001", "陈琳", "chenlin", 0, "城东联合党委 组织委员", "Organizer, East district", false, "组织", "城东", nil, nil},
		{"U002", "张伟", "zhangwei", 1, "外卖骑手 · 支部书记", "Courier, branch leader", false, "骑行、急救", "城东", early, afternoons},
		{"U003", "王强", "wangqiang", 2, "网约车司机 · 支部书记", "Driver, branch leader", false, "驾驶、装卸", "城东", nil, weekend},
		{"U004", "李敏", "limin", 3, "社区医院 护士长 · 支部书记", "Head nurse, branch leader", false, "医生、急救", "绿城", nil, weekend},
		{"U005", "赵静", "zhaojing", 4, "社工 · 中心主任", "Social worker, director", false, "引导、登记", "绿城", nil, nil},
		{"U006", "刘洋", "liuyang", 1, "外卖骑手", "Courier", false, "骑行、装卸", "城东", early, afternoons},
		{"U007", "Ann Miller", "ann", 4, "志愿者，英语教师", "Volunteer, English teacher", true, "引导、翻译", "绿城", nil, weekend},
		{"U008", "Bo Jensen", "bo", 2, "网约车司机", "Driver", true, "驾驶、装卸", "城东", nil, weekend},
		{"U009", "Dan Okafor", "dan", 1, "外卖骑手", "Courier", true, "装卸", "城东", early, afternoons},
		{"U010", "孙磊", "sunlei", 1, "外卖骑手", "Courier", false, "装卸", "城东", early, afternoons},
		{"U011", "周涛", "zhoutao", 1, "外卖骑手", "Courier", false, "骑行", "城南", early, nil},
		{"U012", "吴霞", "wuxia", 1, "外卖骑手", "Courier", false, "引导", "城东", nil, afternoons},
		{"U013", "郑凯", "zhengkai", 1, "外卖骑手", "Courier", false, "装卸", "城东", early, nil},
		{"U014", "冯雪", "fengxue", 1, "即时配送站 站长", "Delivery station head", false, "登记、引导", "城东", nil, nil},
		{"U015", "蒋鹏", "jiangpeng", 1, "外卖骑手", "Courier", false, "骑行", "城北", nil, nil},
		{"U016", "沈悦", "shenyue", 1, "外卖骑手", "Courier", false, "引导、登记", "绿城", early, weekend},
		{"U017", "韩冰", "hanbing", 1, "外卖骑手", "Courier", false, "装卸", "城东", nil, afternoons},
		{"U018", "杨帆", "yangfan", 2, "网约车司机", "Driver", false, "驾驶", "城东", nil, weekend},
		{"U019", "朱军", "zhujun", 2, "网约车司机", "Driver", false, "驾驶、装卸", "城东", nil, nil},
		{"U020", "秦海", "qinhai", 2, "货车司机", "Lorry driver", false, "驾驶、装卸", "城北", nil, weekend},
		{"U021", "许娟", "xujuan", 2, "网约车司机", "Driver", false, "驾驶、引导", "绿城", nil, nil},
		{"U022", "何勇", "heyong", 2, "网约车司机", "Driver", false, "驾驶", "城南", nil, nil},
		{"U023", "吕斌", "lvbin", 2, "网约车司机", "Driver", false, "驾驶", "城东", nil, nil},
		{"U024", "施燕", "shiyan", 2, "代驾司机", "Designated driver", false, "驾驶", "城东", []models.Window{span(14, 0, 17, 0)}, nil},
		{"U025", "孔亮", "kongliang", 2, "网约车司机", "Driver", false, "驾驶、急救", "绿城", nil, weekend},
		{"U026", "曹颖", "caoying", 3, "全科医生", "General practitioner", false, "医生", "绿城", nil, weekend},
		{"U027", "严明", "yanming", 3, "中医师", "Doctor of Chinese medicine", false, "医生", "绿城", nil, weekend},
		{"U028", "华梅", "huamei", 3, "护士", "Nurse", false, "急救、量血压", "绿城", nil, nil},
		{"U029", "金丽", "jinli", 3, "护士", "Nurse", false, "急救", "绿城", nil, weekend},
		{"U030", "魏东", "weidong", 3, "药师", "Pharmacist", false, "登记", "绿城", nil, nil},
		{"U031", "陶然", "taoran", 3, "康复治疗师", "Physiotherapist", false, "医生、引导", "绿城", nil, nil},
		{"U032", "Grace Lin", "grace", 3, "护士", "Nurse", true, "急救", "绿城", nil, weekend},
		{"U033", "姜楠", "jiangnan", 4, "社工", "Social worker", false, "引导", "绿城", nil, nil},
		{"U034", "戚薇", "qiwei", 4, "社工", "Social worker", false, "登记", "绿城", nil, nil},
		{"U035", "谢天", "xietian", 4, "驿站管理员", "Station keeper", false, "登记、装卸", "城东", nil, nil},
		{"U036", "邹敏", "zoumin", 4, "直播店店员", "Livestream shop assistant", false, "引导", "城东", nil, weekend},
		{"U037", "喻红", "yuhong", 4, "小微企业主", "Small-firm owner", false, "驾驶", "城东", nil, nil},
		{"U038", "柏松", "baisong", 4, "退休教师", "Retired teacher", false, "引导、登记", "绿城", nil, weekend},
		{"U039", "水清", "shuiqing", 4, "大学生志愿者", "Student volunteer", false, "引导、翻译", "绿城", nil, weekend},
		{"U040", "Maria Silva", "maria", 4, "志愿者", "Volunteer", true, "引导", "绿城", nil, weekend},
	}
}
