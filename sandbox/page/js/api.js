// The sandbox's JSON API and its event stream. One place knows the paths and the shapes on the wire.

const PATIENCE = 15000; // ms: longer than the bot's own 2.5 s acknowledgement and a retry of it

async function call(path, body) {
  const options = { headers: { Accept: "application/json" } };
  if (body !== undefined) {
    options.method = "POST";
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  return answered(path, options);
}

// send posts a file as it is.
const send = (path, file) => answered(path, { method: "POST", headers: { Accept: "application/json", "Content-Type": "application/octet-stream" }, body: file });

async function answered(path, options) {
  options.signal = AbortSignal.timeout(PATIENCE);
  let response;
  try {
    response = await fetch(path, options);
  } catch (cause) {
    throw new ApiError(cause.name === "TimeoutError" ? "timeout" : "unreachable", cause);
  }
  let answer;
  try {
    answer = await response.json();
  } catch (cause) {
    throw new ApiError(`http_${response.status}`, cause);
  }
  if (!response.ok || answer.ok === false) throw new ApiError(answer.error || `http_${response.status}`, answer);
  return answer;
}

export class ApiError extends Error {
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

const query = (fields) => {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(fields)) if (v) q.set(k, v);
  return q.size ? `?${q}` : "";
};

export const api = {
  state: (as) => call(`/sandbox/state${query({ as })}`),
  messages: (as, channel, thread) => call(`/sandbox/messages${query({ as, channel, thread })}`),
  home: (as) => call(`/sandbox/home${query({ as })}`),
  views: (as) => call(`/sandbox/views${query({ as })}`),
  upload: (as, file) => send(`/sandbox/upload${query({ as, name: file.name })}`, file),
  act: (fields) => call("/sandbox/act", fields),
  clock: (fields) => call("/sandbox/clock", fields),
  lang: (lang) => call("/sandbox/lang", { lang }),
};

// listen opens the stream for one acting person; it opens itself again after a break, waiting 0.5 s to 8 s between tries.
// heard(event) for each event; status("live"|"reconnecting"). Returns a function that closes it.
export function listen(as, heard, status) {
  let source, timer, closed = false, wait = 500, lost = false;
  const open = () => {
    source = new EventSource(`/sandbox/events${query({ as })}`);
    source.onopen = () => {
      wait = 500;
      status("live", lost);
      lost = false;
    };
    source.onmessage = (e) => {
      try { heard(JSON.parse(e.data)); } catch (fault) { console.error("event", fault); }
    };
    source.onerror = () => {
      if (closed) return;
      lost = true;
      status("reconnecting");
      source.close();
      clearTimeout(timer);
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, 8000);
    };
  };
  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    source.close();
  };
}

// coalesce makes one run of an async task out of many wishes: at most one under way and one waiting.
export function coalesce(task, delay = 40) {
  let timer = null, running = false, again = false;
  const run = async () => {
    timer = null;
    running = true;
    try { await task(); } finally {
      running = false;
      if (again) { again = false; wish(); }
    }
  };
  const wish = () => {
    if (running) { again = true; return; }
    if (timer === null) timer = setTimeout(() => run().catch((fault) => console.error("refresh", fault)), delay);
  };
  return wish;
}
