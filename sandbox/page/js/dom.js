// Building DOM without markup strings: every text enters as a text node, so nothing a person wrote can become an element.

const SVG = "http://www.w3.org/2000/svg";

// h("button.primary", {type: "button", onclick: fn, "aria-label": "…", data: {ts: "1"}}, child, …)
export function h(spec, props, ...children) {
  const [tag, ...classes] = spec.split(".");
  const el = document.createElement(tag || "div");
  if (classes.length) el.className = classes.join(" ");
  for (const [key, value] of Object.entries(props ?? {})) setProp(el, key, value);
  append(el, children);
  return el;
}

function setProp(el, key, value) {
  if (value === undefined || value === null || value === false) return;
  if (key.startsWith("on") && typeof value === "function") el.addEventListener(key.slice(2), value);
  else if (key === "data") for (const [k, v] of Object.entries(value)) { if (v !== undefined && v !== null) el.dataset[k] = v; }
  else if (key === "class") el.classList.add(...value.split(" ").filter(Boolean));
  else if (key === "value") el.value = value;
  else el.setAttribute(key, value === true ? "" : String(value));
}

export function append(el, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    el.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return el;
}

export function clear(el, ...children) {
  el.replaceChildren();
  return append(el, children);
}

const shapes = {
  home: "M4 11.5 12 5l8 6.5V20h-5.5v-5h-5v5H4z",
  hash: "M5 9h15M4 15h15M10 4 8 20M16 4l-2 16",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  plus: "M12 5v14M5 12h14",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
  smile: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.5 14c1.8 2.4 5.2 2.4 7 0M9 9.500v.5M15 9.500v.5",
  reply: "M4 5h16v11h-9l-4.5 4v-4H4z",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  edit: "M4 20l1-4.500L16.5 4l3.5 3.500L8.5 19z",
  trash: "M5 7h14M9.5 7V4.500h5V7M7 7l.8 13h8.400L17 7",
  bolt: "M13 3 5 13.500h6L10.5 21 19 10.500h-6z",
  send: "M4 12 20 4.5 15.5 20l-4-6.500zM11.5 13.5 20 4.5",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20",
  check: "M5 12.5 10 17.5 19.5 7",
  down: "M6 9.500l6 6 6-6",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M5.3 18.700l1.4-1.400M17.3 6.700l1.4-1.4",
  moon: "M20 14.500A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.500z",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.500a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  file: "M6 3.500h8l4.5 4.500v12.500H6zM14 3.500V8h4.5",
  calendar: "M4.5 6h15v14h-15zM4.5 10h15M8.5 3.500V6M15.5 3.500V6",
  pause: "M8.5 6v12M15.5 6v12",
  slash: "M9 19 15 5",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", shapes[name] ?? "");
  svg.append(path);
  return svg;
}

export function avatar(user, size = "") {
  const el = h(`span.avatar${size ? "." + size : ""}`, { "aria-hidden": "true" }, user?.initials ?? (user?.name ?? "?").slice(0, 1));
  const color = /^#?([0-9a-f]{6})$/i.exec(user?.color ?? "");
  if (user?.is_bot) el.classList.add("bot");
  else if (color) el.style.backgroundColor = `#${color[1]}`;
  return el;
}

// A link is followed only to the web, mail or a phone; anything else (javascript:, data:) stays text.
export function safeUrl(url) {
  try {
    const parsed = new URL(url, location.href);
    return ["http:", "https:", "mailto:", "tel:"].includes(parsed.protocol) && /^[a-z]+:/i.test(url) ? parsed.href : null;
  } catch {
    return null;
  }
}

// Pictures come only from this server (or inline): the page asks nothing of the outside world.
export function localImage(url) {
  try {
    const parsed = new URL(url, location.href);
    if (parsed.protocol === "data:" && /^data:image\/(png|jpeg|gif|webp);/i.test(url)) return url;
    const loopback = (host) => ["localhost", "127.0.0.1", "[::1]"].includes(host);
    if (parsed.origin === location.origin || (loopback(parsed.hostname) && loopback(location.hostname))) return parsed.href;
  } catch { /* not an address: no picture */ }
  return null;
}
