// The desk: a scan is written down, then asked about; the server's page answers. Without network it is read against the
// day's list, what was done waits its turn, and what clashed is shown to a person. Without this script the same forms
// work page by page.
import { offerCamera } from "./desk-camera.js";
import { handOver, read, takeBack } from "./desk-offline.js";
import { headline, panelOf, showLists } from "./desk-panel.js";
import * as queue from "./desk-queue.js";
import { codeIn, listen } from "./desk-scanner.js";
import { play } from "./desk-sound.js";
import { countInTitle, filled, hourOf, words } from "./offline-parts.js";

const form = document.getElementById("scan-form");
const field = document.getElementById("code");
const result = document.getElementById("desk-result");
const pile = document.getElementById("pile");
const repair = document.getElementById("repair");
const PATIENCE_MS = 8000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
const DAY_AGAIN_MS = 5 * 60_000;
// More than a day is no wrong clock but a server whose time was moved, as in a demonstration.
const SKEW_MINUTES = 5;
const DAY_MINUTES = 24 * 60;
let depot = form.dataset.depot;
let isOffline = false;
// What the page carries from scan to scan; `held` and `sheet` are codes online, and what they mean without network.
let carried = { held: null, sheet: null };

// --- Words: what is wrong interrupts, everything else waits its turn.
function say(text, isBad) {
  document.getElementById("desk-status").textContent = isBad ? "" : text;
  document.getElementById("desk-alert").textContent = isBad ? text : "";
}

function show(answer, code, acts = {}) {
  result.replaceChildren(panelOf(answer, code, acts));
  const sound = answer.what === "again" ? "on-shelf" : answer.what;
  say(headline(answer), answer.what === "refused");
  play(sound);
  (result.querySelector("[data-first]") ?? field).focus({ preventScroll: true });
}

const refuse = (text) => show({ what: "refused", said: text }, "");

// --- Lists, counts, the line about the network.
async function render() {
  const [waiting, troubles] = [await queue.waiting(), await queue.troubles()];
  showLists(waiting, troubles, { dismiss: (entry) => queue.drop(entry).then(render), reopen: (entry) => queue.drop(entry).then(render).then(() => scan(entry.code)) });
  const line = document.getElementById("desk-line");
  const day = isOffline ? await queue.recall("day") : null;
  const skew = Math.round((await queue.measuredOffset()) / 60_000);
  const parts = [
    isOffline ? words.offline : "",
    waiting.length ? filled(words.pending, { count: waiting.length }) : "",
    day ? filled(words.dayOf, { time: hourOf(day.made_at) }) : "",
    Math.abs(skew) >= SKEW_MINUTES && Math.abs(skew) < DAY_MINUTES ? filled(words.clock, { minutes: Math.abs(skew) }) : "",
  ].filter(Boolean);
  line.hidden = parts.length === 0;
  line.textContent = parts.join(" · ");
  countInTitle(waiting.length + troubles.length);
}

// --- Sending what waits: soon, then ever later; at once when the network says that it is back.
let delay = FIRST_RETRY_MS;
let timer;
async function send() {
  clearTimeout(timer);
  try {
    await queue.adoptRaw();
    const hadSome = (await queue.waiting()).length > 0;
    await queue.drain(render);
    delay = FIRST_RETRY_MS;
    if (hadSome || isOffline) await keepDay();
  } catch (error) {
    if (error.status === 401) say(words.signIn, true);
    timer = setTimeout(send, delay);
    delay = Math.min(delay * 2, LAST_RETRY_MS);
  }
  await render();
}

async function keepDay() {
  const asked = Date.now();
  try {
    const reply = await fetch(`/api/depots/${depot}/offline-day`, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!reply.ok) return;
    // Before the answer is written down: if the network goes meanwhile, that is the newer news.
    isOffline = false;
    const day = await reply.json();
    await queue.remember("day", day);
    await queue.measured(Date.parse(day.made_at), asked);
  } catch { /* The list of before serves on. */ }
}

// --- Requests go out one after the other: ten quick scans are ten answers, the last one stays.
let line = Promise.resolve();
let asking = 0;
function inTurn(work) {
  asking += 1;
  result.classList.add("is-waiting");
  line = line.then(work).catch((error) => refuse(String(error))).finally(() => {
    asking -= 1;
    if (!asking) result.classList.remove("is-waiting");
  });
  return line;
}

async function ask(address, options) {
  const reply = await fetch(address, { ...options, headers: { accept: "text/html", "x-desk": "1" }, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  if (!page.getElementById("desk-result")) {
    if (reply.status >= 500) throw new Error(String(reply.status));
    // Signed out: the full page says more than we could, and what was read is kept.
    location.assign(`/desk?depot=${depot}`);
    return null;
  }
  for (const id of ["desk-result", "desk-recent"]) document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
  const shown = reply.headers.get("x-desk-address") ?? (reply.redirected || !options?.method ? reply.url : "");
  if (shown) history.replaceState(null, "", shown);
  if (isOffline) send();
  isOffline = false;
  enliven();
  announce();
  return reply;
}

function announce() {
  const panel = result.querySelector("[data-outcome]");
  if (!panel) return;
  const state = result.querySelector(".desk-state");
  carried = { held: state?.dataset.held || null, sheet: state?.dataset.sheet || null };
  const texts = [panel.querySelector(".sign"), panel.querySelector(".said"), panel.querySelector(".scanned-name")];
  say(texts.map((one) => one?.textContent.trim()).filter(Boolean).join(". "), panel.dataset.outcome === "bad");
  play(panel.dataset.sound);
  (panel.querySelector("[data-first]") ?? field).focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

// --- A scan: written down first, whatever follows.
const plainCode = (one) => (typeof one === "string" ? one : one?.code ?? "");
async function keep(code) {
  const facts = { action: "look", code, depot_id: Number(depot), key: crypto.randomUUID() };
  try {
    return await queue.keepScan(facts);
  } catch {
    say(words.failedStore, true);
    return facts;
  }
}
const kept = (scanned, work) => (scanned.seq ? work(scanned) : null);

function scan(code) {
  field.value = "";
  say(form.dataset.saidWait.replace("{code}", code), false);
  const writing = keep(code);
  return inTurn(async () => {
    const scanned = await writing;
    if (isOffline) return void offline(scanned);
    const body = new URLSearchParams({ depot, code, key: scanned.key, sheet: plainCode(carried.sheet), held: plainCode(carried.held), pile: pile.checked ? "yes" : "", repair: repair.checked ? "yes" : "" });
    try {
      if (await ask("/desk/scan", { method: "POST", body })) await kept(scanned, queue.drop);
    } catch {
      await wentOffline();
      await offline(scanned);
    }
  });
}

async function wentOffline() {
  isOffline = true;
  // What was open on the server's page is open here too.
  const day = await queue.recall("day");
  if (typeof carried.sheet === "string") carried.sheet = read(carried.sheet, { day, entries: [], pile: false }).sheet ?? null;
  if (typeof carried.held === "string") carried.held = read(carried.held, { day, entries: [], pile: false }).held ?? null;
  clearTimeout(timer);
  timer = setTimeout(send, delay);
}

async function offline(scanned) {
  const [day, entries] = [await queue.recall("day"), await queue.waiting()];
  if (!depot && day) depot = String(day.depot_id);
  const entry = { ...scanned, depot_id: Number(depot) || day?.depot_id || 0 };
  const answer = read(entry.code, { day, entries, sheet: carried.sheet, held: carried.held, pile: pile.checked });
  carried = { sheet: answer.sheet ?? null, held: answer.held ?? null };
  if (answer.deed) return done(entry, answer);
  // A sheet asks nothing of the server; any other code is looked at again when it answers.
  if (answer.what === "sheet") await kept(entry, queue.drop);
  else await kept(entry, (one) => queue.put({ ...one, seen: answer.what, state: "waiting" }));
  show(answer, entry.code, {
    give: (code, loan) => chosen(entry, { what: "handed-over", deed: handOver(code, loan), loan, title: answer.title }),
    take: (code, loan, found) => chosen(entry, { what: found.length ? "incomplete" : "taken-back", deed: takeBack(code, loan, found), loan, title: answer.title }),
  });
  await render();
}

const chosen = (entry, answer) => inTurn(() => done(entry, answer));
async function done(entry, answer) {
  await queue.decide(entry, answer.deed);
  await queue.forgetLooks(answer.deed.code, entry.seq);
  carried.held = null;
  show(answer, answer.deed.code, { undo: () => inTurn(async () => { await queue.drop(entry); show({ what: "undone" }, answer.deed.code); await render(); }) });
  await render();
}

// --- Forms of the server's page. What a form did is kept under its key, should the answer get lost.
const DEEDS = { "/desk/hand-over": "hand_over", "/desk/take-back": "take_back", "/desk/lend": "lend" };
function deedOf(address, body) {
  const number = (name) => Number(body.get(name)) || undefined;
  const found = body.has("all") ? [] : [...body].filter(([name]) => /^found-\d+$/.test(name)).map(([name, count]) => ({ line_id: Number(name.slice(6)), found: Number(count) }));
  return { action: DEEDS[address], code: body.get("code"), booking_id: number("booking_id"), school_id: number("school_id"), due_on: body.get("due_on") ?? undefined, found, note: body.get("note") ?? "" };
}

result.addEventListener("submit", (event) => {
  event.preventDefault();
  const action = event.target;
  if (action.dataset.sent) return;
  action.dataset.sent = "yes";
  const body = new URLSearchParams(new FormData(action, event.submitter));
  const address = action.getAttribute("action");
  inTurn(() => sendForm(action.method, address, body)).finally(() => delete action.dataset.sent);
});

async function sendForm(method, address, body) {
  if (method === "get") return ask(`${address}?${body}`);
  const entry = DEEDS[address] ? await queue.keepScan({ depot_id: Number(depot), key: body.get("key"), ...deedOf(address, body) }) : null;
  try {
    if ((await ask(address, { method: "POST", body })) && entry) await queue.drop(entry);
  } catch {
    await wentOffline();
    if (!entry) return refuse(words.offline);
    const what = entry.action === "take_back" ? (entry.found.length ? "incomplete" : "taken-back") : "handed-over";
    await done(entry, { what, deed: entry, loan: { school_name: entry.school_name ?? "" }, title: null });
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.value.trim()) scan(field.value.trim());
});
result.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) carried.sheet = null;
});

// --- The checklist: one tap takes one off, and what is missing is said beside the line.
function enliven() {
  document.querySelectorAll(".step").forEach((button) => { button.hidden = false; });
  document.querySelectorAll(".counting input[type=number]").forEach(gap);
}

function gap(input) {
  const missing = Number(input.dataset.expected) - Number(input.value);
  const row = input.closest("li");
  row.classList.toggle("is-short", missing > 0);
  row.querySelector(".gap").textContent = missing > 0 ? input.dataset.said.replace("{count}", missing) : "";
  const isShort = document.querySelector(".counting .is-short") !== null;
  const all = document.querySelector(".all-there .big");
  if (all) all.disabled = isShort;
  document.querySelector(".counting .save")?.classList.toggle("second", !isShort);
}

document.addEventListener("input", (event) => { if (event.target.dataset.expected) gap(event.target); });
document.addEventListener("click", (event) => {
  const button = event.target.closest(".step");
  if (!button) return;
  const input = button.parentElement.querySelector("input");
  input.value = Math.max(0, Number(input.value) + Number(button.dataset.step));
  gap(input);
});

// --- A minute to take the last act back.
setInterval(() => {
  const bar = result.querySelector("[data-undo]");
  if (!bar) return;
  const left = Math.ceil((Date.parse(bar.dataset.until) - Date.now() - undoOffset) / 1000);
  if (left <= 0) bar.remove();
  else bar.querySelector("[data-left]").textContent = `${Math.min(left, 60)} s`;
}, 1000);
let undoOffset = 0;

// --- From the start.
async function begin() {
  if (depot) await keepDay();
  else isOffline = true;
  undoOffset = await queue.measuredOffset();
  await send();
}

pile.checked ||= (() => { try { return localStorage.getItem("desk-pile") === "on"; } catch { return false; } })();
pile.addEventListener("change", () => { try { localStorage.setItem("desk-pile", pile.checked ? "on" : "off"); } catch { /* It holds for this page. */ } });
document.querySelector(".listening").hidden = false;
document.getElementById("send-now").addEventListener("click", send);
for (const moment of ["online", "pageshow"]) addEventListener(moment, () => { delay = FIRST_RETRY_MS; send(); });
addEventListener("offline", () => wentOffline().then(render));
document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
setInterval(() => { if (!isOffline && depot) keepDay().then(send); }, DAY_AGAIN_MS);
listen(field, { onScan: scan, onShort: (text) => refuse(form.dataset.saidShort.replace("{code}", text)) });
offerCamera((text) => scan(codeIn(text) || text), words);
navigator.serviceWorker?.register("/desk/worker.js", { scope: "/desk" }).then((registration) => registration.active?.postMessage("keep")).catch(() => {});
navigator.storage?.persist?.();
enliven();
announce();
begin();
document.documentElement.dataset.desk = "ready";
