// Option lists of the select family, and the value each kind sends.
import { avatar } from "./dom.js";
import { plainText, flat } from "./mrkdwn.js";

const words = (text, ctx) => (text?.type === "mrkdwn" ? flat(text.text, ctx) : plainText(text));

const row = (option, ctx, group) => ({ value: option.value, label: words(option.text, ctx), detail: option.description && words(option.description, ctx), group, option });

function people(ctx) {
  return ctx.app.data.users.filter((u) => !u.is_bot).map((u) => ({ value: u.id, label: u.name, detail: u.title, words: `${u.real_name ?? ""} ${u.id}`, lead: () => avatar(u, "small") }));
}

function places(ctx, kinds) {
  return ctx.app.data.channels.filter((c) => kinds.includes(c.kind)).map((c) => ({
    value: c.id, label: c.kind === "im" ? ctx.app.channelName(c) : `#${c.name}`, detail: c.topic, words: c.id,
  }));
}

function conversationKinds(filter) {
  const names = { public: "channel", private: "private", im: "im" };
  return filter?.include?.map((k) => names[k]).filter(Boolean) ?? ["channel", "private", "im"];
}

// optionsOf(element, ctx) → rows for the picker
export function optionsOf(el, ctx) {
  switch (el.type.replace(/^multi_/, "")) {
    case "users_select": return people(ctx);
    case "channels_select": return places(ctx, ["channel"]);
    case "conversations_select": return places(ctx, conversationKinds(el.filter));
    default: return el.option_groups
      ? el.option_groups.flatMap((g) => (g.options ?? []).map((o) => row(o, ctx, words(g.label, ctx))))
      : (el.options ?? []).map((o) => row(o, ctx));
  }
}

const fields = {
  static_select: ["selected_option", "initial_option"], external_select: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"], channels_select: ["selected_channel", "initial_channel"], conversations_select: ["selected_conversation", "initial_conversation"],
  multi_static_select: ["selected_options", "initial_options"], multi_external_select: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"], multi_channels_select: ["selected_channels", "initial_channels"], multi_conversations_select: ["selected_conversations", "initial_conversations"],
  radio_buttons: ["selected_option", "initial_option"], checkboxes: ["selected_options", "initial_options"],
  datepicker: ["selected_date", "initial_date"], timepicker: ["selected_time", "initial_time"], datetimepicker: ["selected_date_time", "initial_date_time"],
  plain_text_input: ["value", "initial_value"], email_text_input: ["value", "initial_value"], url_text_input: ["value", "initial_value"], number_input: ["value", "initial_value"],
  rich_text_input: ["rich_text_value", "initial_value"], file_input: ["files", "initial_files"],
};

// fieldOf("datepicker") → "selected_date": where the value stands in Slack's state
export const fieldOf = (type) => fields[type]?.[0];

// initial(el) → the state value an element starts with
export function initial(el) {
  const [field, from] = fields[el.type] ?? [];
  if (!field) return null;
  const many = field.endsWith("s");
  return { type: el.type, [field]: el[from] ?? (many ? [] : null) };
}

// chosenOf(value) → the plain values chosen: option values, ids, a date
export function chosenOf(value) {
  const raw = value?.[fieldOf(value?.type)];
  const list = Array.isArray(raw) ? raw : raw === null || raw === undefined ? [] : [raw];
  return list.map((v) => (typeof v === "object" ? v.value ?? v.id : v));
}
