// Slack's emoji names as characters: those people use in this kind of work, and Muster's own marks.

const list = `
raised_hand ✋|hand ✋|raised_hands 🙌|white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|hourglass_flowing_sand ⏳|hourglass ⌛|wave 👋|heavy_plus_sign ➕
heavy_minus_sign ➖|+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|clap 👏|pray 🙏|muscle 💪|handshake 🤝|ok_hand 👌|point_right 👉|point_left 👈|point_up ☝️|point_down 👇|v ✌️|fist ✊|eyes 👀
heart ❤️|yellow_heart 💛|green_heart 💚|blue_heart 💙|broken_heart 💔|sparkling_heart 💖|star ⭐|star2 🌟|sparkles ✨|fire 🔥|tada 🎉|100 💯|trophy 🏆|medal 🏅|sports_medal 🏅|first_place_medal 🥇|gift 🎁|bouquet 💐
smile 😄|smiley 😃|grinning 😀|blush 😊|slightly_smiling_face 🙂|wink 😉|joy 😂|sweat_smile 😅|laughing 😆|relaxed ☺️|heart_eyes 😍|thinking_face 🤔|thinking 🤔|neutral_face 😐|disappointed 😞|cry 😢|sob 😭|sleeping 😴|sunglasses 😎|hugging_face 🤗|face_with_thermometer 🤒|mask 😷|saluting_face 🫡|scream 😱|rage 😡|upside_down_face 🙃|innocent 😇|worried 😟|confused 😕|open_mouth 😮|yum 😋
x ❌|no_entry ⛔|no_entry_sign 🚫|warning ⚠️|exclamation ❗|heavy_exclamation_mark ❗|question ❓|grey_question ❔|bangbang ‼️|information_source ℹ️|rotating_light 🚨|sos 🆘|bell 🔔|no_bell 🔕|loudspeaker 📢|mega 📣|speech_balloon 💬|zzz 💤|back 🔙|new 🆕|ok 🆗
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵|white_circle ⚪|black_circle ⚫|small_blue_diamond 🔹|large_blue_diamond 🔷|small_orange_diamond 🔸|large_orange_diamond 🔶
calendar 📆|date 📅|spiral_calendar_pad 🗓️|clock1 🕐|clock3 🕒|clock9 🕘|alarm_clock ⏰|stopwatch ⏱️|timer_clock ⏲️|watch ⌚|repeat 🔁|arrows_counterclockwise 🔄|fast_forward ⏩|double_vertical_bar ⏸️|arrow_forward ▶️|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|leftwards_arrow_with_hook ↩️
memo 📝|pencil ✏️|pencil2 ✏️|clipboard 📋|page_facing_up 📄|page_with_curl 📃|bookmark 🔖|bookmark_tabs 📑|books 📚|book 📖|open_book 📖|closed_book 📕|notebook 📓|newspaper 📰|bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|paperclip 📎|pushpin 📌|round_pushpin 📍|link 🔗|mag 🔍|mag_right 🔎|key 🔑|lock 🔒|unlock 🔓|email 📧|envelope ✉️|inbox_tray 📥|outbox_tray 📤|package 📦|file_folder 📁|card_index 📇|microphone 🎤|camera 📷|phone ☎️|telephone_receiver 📞|iphone 📱|computer 💻|bulb 💡|gear ⚙️|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|toolbox 🧰|label 🏷️|ticket 🎫|receipt 🧾|shield 🛡️|flashlight 🔦|battery 🔋|wastebasket 🗑️
bicyclist 🚴|bike 🚲|motor_scooter 🛵|car 🚗|red_car 🚗|truck 🚚|bus 🚌|taxi 🚕|ambulance 🚑|fire_engine 🚒|ship 🚢|boat ⛵|airplane ✈️|helicopter 🚁|construction 🚧|traffic_light 🚥|railway_car 🚃|fuelpump ⛽
hospital 🏥|house 🏠|office 🏢|school 🏫|house_with_garden 🏡|tent ⛺|bridge_at_night 🌉|world_map 🗺️|earth_asia 🌏|ambulance 🚑|pill 💊|syringe 💉|stethoscope 🩺|adhesive_bandage 🩹|drop_of_blood 🩸|thermometer 🌡️|wheelchair ♿|helmet_with_white_cross ⛑️|safety_vest 🦺|gloves 🧤|boot 👢|umbrella ☔|bucket 🪣|potable_water 🚰|droplet 💧|sweat_drops 💦|ocean 🌊|cyclone 🌀|rain_cloud 🌧️|thunder_cloud_and_rain ⛈️|snowflake ❄️|sunny ☀️|sun_with_face 🌞|crescent_moon 🌙|partly_sunny ⛅|cloud ☁️|tornado 🌪️|rainbow 🌈|seedling 🌱|evergreen_tree 🌲|four_leaf_clover 🍀|cherry_blossom 🌸|sunflower 🌻|rice 🍚|bento 🍱|bread 🍞|apple 🍎|tea 🍵|coffee ☕|cake 🍰|ramen 🍜
busts_in_silhouette 👥|bust_in_silhouette 👤|man 👨|woman 👩|boy 👦|girl 👧|baby 👶|older_man 👴|older_woman 👵|family 👪|construction_worker 👷|cop 👮|firefighter 🧑‍🚒|health_worker 🧑‍⚕️|farmer 🧑‍🌾|student 🧑‍🎓|teacher 🧑‍🏫|dog 🐶|cat 🐱|panda_face 🐼|robot_face 🤖|red_flag 🚩|triangular_flag_on_post 🚩|checkered_flag 🏁|cn 🇨🇳|flag-cn 🇨🇳
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|zero 0️⃣|keycap_ten 🔟|heavy_heart_exclamation_mark_ornament ❣️|white_small_square ▫️|black_small_square ▪️|white_large_square ⬜|black_large_square ⬛|large_green_square 🟩|large_yellow_square 🟨|large_red_square 🟥`;

const chars = new Map(list.trim().split(/[|\n]/).map((pair) => {
  const at = pair.lastIndexOf(" ");
  return [pair.slice(0, at), pair.slice(at + 1)];
}));

const tones = ["", "", "🏻", "🏼", "🏽", "🏾", "🏿"];

// emoji("raised_hand::skin-tone-3") → "✋🏼"; an unknown name → null
export function emoji(name) {
  const [base, tone] = name.split("::");
  const char = chars.get(base);
  if (!char) return null;
  const shade = /^skin-tone-([2-6])$/.exec(tone ?? "");
  return shade ? char.replace(/\ufe0f$/, "") + tones[Number(shade[1])] : char;
}

// What the small picker offers first: Muster reads the first three, and writes the next three.
export const offered = ["raised_hand", "heavy_plus_sign", "+1", "white_check_mark", "hourglass_flowing_sand", "wave",
  "heart", "pray", "clap", "tada", "muscle", "eyes", "smile", "joy", "thinking_face", "cry", "ok_hand", "100", "fire", "bouquet", "x", "warning", "rotating_light", "bulb"];

export const withEmoji = (text) => text.replace(/:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/g, (whole, name) => emoji(name) ?? whole);
