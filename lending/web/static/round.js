// A round on the driver's phone: what is done at a stop is written down, then sent; without network it waits its turn,
// and what clashed is shown to a person. Without this script the same forms work page by page.
import { offerCamera } from "./desk-camera.js";
import { badge, button, countInTitle, fill, filled, hourOf, make, shownCode, words } from "./offline-parts.js";
import { makeQueue } from "./offline-queue.js";
import { ahead, draw, meant, paint, saidOf } from "./round-stops.js";

const BATCH = 50;
const PATIENCE_MS = 8000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
const AGAIN_MS = 5 * 60_000;
const KEPT_FOR_MS = 3 * 24 * 3_600_000;
const queue = makeQueue("rounds");
const form = document.querySelector("form.scanning");
const field = document.getElementById("code");
const isShell = document.getElementById("stop-template") !== null;
const roundId = Number(/\d+/.exec(location.pathname)?.[0]);
let view = null;
let madeAt = null;
let present = Number(new URLSearchParams(location.search).get("stop")) || null;
let isOffline = false;

// --- Words: what is wrong interrupts, everything else waits its turn.
function say(text, tone, sign = "check") {
  form?.querySelector(".said").replaceChildren(badge(text, tone, sign));
  document.getElementById("round-status").textContent = tone === "bad" ? "" : text;
  document.getElementById("round-alert").textContent = tone === "bad" ? text : "";
}

function lineOf(entry, ...more) {
  const code = entry.code ? make("code", { className: "code", textContent: shownCode(entry.code) }) : null;
  return make("li", {}, make("span", { textContent: words[entry.action] }), code, make("span", { className: "soft", textContent: `${hourOf(entry.device_at)} ${[entry.place, entry.label].filter(Boolean).join(", ")}` }), ...more);
}

function troubleWords(entry) {
  if (entry.status === "conflict") return filled(words.conflict, { references: (entry.displaced ?? []).join(", ") });
  return entry.detail || words.refused;
}

async function render() {
  const [waiting, troubles] = [await queue.waiting(), await queue.troubles()];
  fill("round-pending", waiting, (entry) => lineOf(entry));
  fill("round-troubles", troubles, (entry) => lineOf(
    entry,
    make("strong", { className: "what", textContent: troubleWords(entry) }),
    button(words.seen, () => queue.drop(entry).then(render), "second small"),
  ));
  const line = document.getElementById("round-line");
  line.textContent = [
    isOffline ? words.offline : "",
    waiting.length ? filled(words.pending, { count: waiting.length }) : "",
    isOffline && madeAt ? filled(words.keptAt, { time: hourOf(madeAt) }) : "",
    isShell && !view ? words.noRound : "",
  ].filter(Boolean).join(" · ");
  line.hidden = line.textContent === "";
  countInTitle(waiting.length + troubles.length);
  await paintAll(waiting);
}

const ours = (entries) => entries.filter((entry) => entry.round_id === roundId);

// The field stands at the stop where the van is.
async function paintAll(waiting) {
  if (!view && isShell) form.hidden = true;
  if (!view) return;
  const acts = ours(waiting);
  const left = ahead(view, acts);
  present = (left.find((stop) => stop.id === present) ?? left[0])?.id ?? null;
  paint(view, acts, present);
  if (!form) return;
  const here = present && document.getElementById(`stop-${present}`)?.querySelector(".here");
  if (here && form.parentElement !== here) here.append(form);
  form.hidden = !here;
}

// --- Sending what waits: soon, then ever later; at once when the network says that it is back.
const wired = ({ key, action, stop_id, code, note, device_at, offset_ms }) => ({ key, action, stop_id, code: code ?? "", note: note ?? "", device_at, offset_ms });
const bodyOf = (entries) => ({ acts: entries.map(wired) });
function batchOf(entries) {
  const end = entries.findIndex((entry) => entry.round_id !== entries[0].round_id);
  return entries.slice(0, end < 0 ? BATCH : Math.min(end, BATCH));
}
const sendBatch = (batch) => queue.sendActs(batch, `/api/rounds/${batch[0].round_id}/replay`, bodyOf, hear);

function hear(entry, line) {
  if (line.status === "refused") say(line.detail || words.refused, "bad", "alert");
  else if (line.status === "conflict") say(words[line.what], "warn", "alert");
  else if (entry.action === "scan" && words[line.what]) say(words[line.what], line.what === "again" ? "info" : "good");
}

let delay = FIRST_RETRY_MS;
let timer;
async function send() {
  clearTimeout(timer);
  try {
    await queue.drain(batchOf, sendBatch, render);
    await keepRound();
    delay = FIRST_RETRY_MS;
    isOffline = false;
  } catch (error) {
    isOffline = !error.status;
    if (error.status === 401) say(words.signIn, "bad", "alert");
    timer = setTimeout(send, delay);
    delay = Math.min(delay * 2, LAST_RETRY_MS);
  }
  await render();
}

async function keepRound() {
  if (!roundId) return;
  const asked = Date.now();
  const reply = await fetch(`/api/rounds/${roundId}/offline`, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!reply.ok) throw Object.assign(new Error(String(reply.status)), { status: reply.status });
  const kept = await reply.json();
  await queue.measured(Date.parse(kept.made_at), asked);
  // By our own clock: the hour that people read, and the age by which it is forgotten.
  await queue.remember(`round-${roundId}`, { ...kept, kept_at: asked });
  await queue.forget((key, fact) => String(key).startsWith("round-") && asked - fact.kept_at > KEPT_FOR_MS);
  ({ round: view, made_at: madeAt } = kept);
}

// --- An act: written down first, whatever follows.
async function keep(act, stop) {
  try {
    await queue.keepAct({ ...act, round_id: roundId, stop_id: stop.id, place: stop.name, key: crypto.randomUUID() });
  } catch {
    say(words.failedStore, "bad", "alert");
    return;
  }
  await render();
  await send();
}

// One after the other: ten quick scans are ten acts in their order.
let line = Promise.resolve();
const inTurn = (work) => { line = line.then(work).catch((error) => say(String(error), "bad", "alert")); return line; };

function scan(code) {
  field.value = "";
  return inTurn(async () => {
    const stop = view?.stops.find((one) => one.id === present);
    if (!stop) return say(words.noRound, "bad", "alert");
    const found = meant(stop, code, ours(await queue.waiting()));
    if (found.isAgain) return say(words.again, "info");
    say(found.errand ? filled(words.waiting, { what: saidOf(found.errand) }) : words.unknown, found.errand ? "info" : "warn", "clock");
    await keep({ action: "scan", code, own: found.own, errand_id: found.errand?.id ?? null, label: found.errand?.label ?? "" }, stop);
  });
}

function leave(stopId, note) {
  return inTurn(async () => {
    const acts = ours(await queue.waiting());
    const stop = view && ahead(view, acts).find((one) => one.id === stopId);
    if (!stop) return;
    await keep({ action: "leave", note }, stop);
    document.getElementById(`stop-${present}`)?.scrollIntoView({ block: "start" });
  });
}

const stopOf = (node) => Number(node.closest("[id^=stop-]").id.slice("stop-".length));

document.addEventListener("submit", (event) => {
  if (!view) return;
  const { target, submitter } = event;
  if (target === form) {
    event.preventDefault();
    if (field.value.trim()) scan(field.value.trim());
  } else if (target.matches(".leaving")) {
    event.preventDefault();
    leave(stopOf(target), target.elements.note.value);
  } else if (submitter?.value === "close" && (isOffline || !document.getElementById("round-pending").hidden)) {
    // What waits here would count as missed.
    event.preventDefault();
    say(words.needsNetwork, "bad", "alert");
  }
});
document.addEventListener("click", (event) => {
  const link = event.target.closest(".go a");
  if (!link || !view) return;
  event.preventDefault();
  present = stopOf(link);
  history.replaceState(null, "", link.href);
  render().then(() => field.focus());
});

// --- From the start.
async function begin() {
  const kept = await queue.recall(`round-${roundId}`).catch(() => undefined);
  if (kept) ({ round: view, made_at: madeAt } = kept);
  if (isShell) {
    isOffline = true;
    document.getElementById("again").href = location.pathname;
    if (view) draw(view);
  }
  await send();
  document.documentElement.dataset.round = "ready";
}

if (form) {
  offerCamera(scan, words);
  form.querySelector(".listening").hidden = false;
  // The page leads to the stop where the van is: a browser then leaves the focus alone, and a reader types nowhere.
  field.focus({ preventScroll: true });
}
document.getElementById("send-now").addEventListener("click", () => inTurn(send));
for (const moment of ["online", "pageshow"]) addEventListener(moment, () => { delay = FIRST_RETRY_MS; inTurn(send); });
addEventListener("offline", () => { isOffline = true; render(); });
setInterval(() => { if (!isOffline) inTurn(send); }, AGAIN_MS);
navigator.serviceWorker?.register("/rounds/worker.js", { scope: "/rounds/" }).then((registration) => registration.active?.postMessage("keep")).catch(() => {});
begin();
