// A count goes on without network: each code is written down in the browser before anything else, and sent in its
// order when the network is back. The server keeps each key once. Without this script the same form works code by code.
const form = document.querySelector("[data-stocktake]");
const field = form.elements.code;
const said = document.getElementById("scan-said");
const pending = document.getElementById("scan-pending");
const refused = document.getElementById("scan-refused");
const address = `/api/stocktakes/${form.dataset.stocktake}/scans`;
const store = `stocktake-${form.dataset.stocktake}`;
const BATCH = 100;
const AGAIN_MS = 2000;
const HELD = [401, 403, 408, 425, 429];
let offset = 0;
let timer;

const read = () => JSON.parse(localStorage.getItem(store) ?? "[]");
const write = (scans) => localStorage.setItem(store, JSON.stringify(scans));

function show() {
  const count = read().length;
  pending.hidden = count === 0;
  pending.textContent = form.dataset.pending.replace("{count}", count);
}

function tell(words, code) {
  const sign = document.createElement("strong");
  sign.textContent = words;
  said.replaceChildren(sign, ` ${code}`);
}

function keepRefused(scans, words) {
  refused.hidden = false;
  refused.append(...scans.map((scan) => Object.assign(document.createElement("li"), { textContent: `${scan.code} : ${words}` })));
}

async function refresh() {
  const reply = await fetch(location.pathname, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const counts = page.getElementById("counts");
  if (counts) document.getElementById("counts").replaceWith(counts);
}

async function send(scans) {
  const body = JSON.stringify({ scans: scans.map((scan) => ({ ...scan, offset_ms: offset })) });
  const reply = await fetch(address, { method: "POST", body, credentials: "same-origin", headers: { "content-type": "application/json" } });
  const now = Date.parse(reply.headers.get("date") ?? "");
  if (now) offset = now - Date.now();
  if (reply.status >= 500 || HELD.includes(reply.status)) throw new Error(reply.status);
  write(read().slice(scans.length));
  if (!reply.ok) return keepRefused(scans, reply.status === 409 ? form.dataset.closed : form.dataset.refused);
  const last = (await reply.json()).lines.at(-1);
  const finding = last.copy?.finding.replaceAll("_", "-");
  const words = last.copy ? form.getAttribute(`data-${finding}`) : form.dataset.unknown;
  tell(words, last.copy ? `${last.copy.title_name} ${last.copy.shown_code}` : last.code);
}

// One tab sends at a time; whoever comes later finds nothing left to send.
const drain = () => navigator.locks.request(store, async () => {
  clearTimeout(timer);
  try {
    const isBehind = read().length > 0;
    while (read().length) await send(read().slice(0, BATCH));
    if (isBehind) await refresh();
  } catch {
    timer = setTimeout(drain, AGAIN_MS);
  }
  show();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = field.value.trim();
  field.value = "";
  if (!code) return;
  write([...read(), { key: crypto.randomUUID(), code, device_at: new Date().toISOString() }]);
  show();
  drain();
});

// A scanner types wherever the focus is: its first key brings the focus here.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, a, button");
  if (!isTyping && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) field.focus();
});
addEventListener("online", drain);
addEventListener("pageshow", drain);
addEventListener("beforeunload", (event) => { if (read().length) event.preventDefault(); });
