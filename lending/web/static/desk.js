// The desk listens to a scanner that types like a keyboard, wherever the focus is, and answers with sound,
// colour, icon and words. Without this script the same forms work page by page.
const form = document.getElementById("scan-form");
const field = document.getElementById("code");
const CODE_LENGTH = 10;
const FORGET_MS = 2500;

const hasValidKey = (code) => /^\d{10}$/.test(code) && Number(code) % 97 === 1;

// --- Sound: doubled by words and colour; browsers allow it after the first key or click.
const TONES = { good: [[880, 0.09]], info: [[660, 0.09]], warn: [[520, 0.12], [390, 0.16]], bad: [[220, 0.18], [180, 0.28]] };
const soundButton = document.getElementById("sound");
let audio;
function play(outcome) {
  if (soundButton.getAttribute("aria-pressed") !== "true" || !navigator.userActivation?.hasBeenActive) return;
  audio ??= new AudioContext();
  let at = audio.currentTime;
  for (const [hertz, seconds] of TONES[outcome] ?? []) {
    const tone = new OscillatorNode(audio, { frequency: hertz, type: "triangle" });
    const volume = new GainNode(audio, { gain: 0.25 });
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    volume.gain.setTargetAtTime(0, at + seconds, 0.02);
    tone.stop(at + seconds + 0.1);
    at += seconds + 0.03;
  }
}
const remembered = (() => { try { return localStorage.getItem("desk-sound"); } catch { return null; } })();
if (remembered === "off") soundButton.setAttribute("aria-pressed", "false");
soundButton.addEventListener("click", () => {
  const isOn = soundButton.getAttribute("aria-pressed") !== "true";
  soundButton.setAttribute("aria-pressed", String(isOn));
  try { localStorage.setItem("desk-sound", isOn ? "on" : "off"); } catch { /* A browser without storage forgets. */ }
  if (isOn) play("good");
});
document.querySelector(".listening").hidden = false;

// --- Words: what is wrong interrupts, everything else waits its turn.
function say(text, isBad) {
  document.getElementById("desk-status").textContent = isBad ? "" : text;
  document.getElementById("desk-alert").textContent = isBad ? text : "";
}

function refuse(text) {
  const panel = document.createElement("section");
  panel.className = "panel outcome bad";
  const words = document.createElement("h2");
  words.className = "sign";
  words.textContent = text;
  panel.append(words);
  document.getElementById("desk-result").replaceChildren(panel);
  say(text, true);
  play("bad");
}

// --- Requests go out one after the other: ten quick scans are ten answers, the last one stays.
let line = Promise.resolve();
let waiting = 0;
function ask(address, options) {
  waiting += 1;
  document.getElementById("desk-result").classList.add("is-waiting");
  line = line.then(() => answer(address, options)).finally(() => {
    waiting -= 1;
    if (!waiting) document.getElementById("desk-result").classList.remove("is-waiting");
  });
  return line;
}

async function answer(address, options) {
  let page, reply;
  try {
    reply = await fetch(address, { ...options, headers: { accept: "text/html" }, credentials: "same-origin" });
    page = new DOMParser().parseFromString(await reply.text(), "text/html");
  } catch {
    return refuse(form.dataset.saidOffline);
  }
  if (!page.getElementById("desk-result")) {
    // Signed out or broken: the full page says more than we could.
    if (reply.status >= 500) return refuse(form.dataset.saidOffline);
    return void location.assign(options?.method === "POST" ? `/desk?depot=${form.dataset.depot}` : address);
  }
  for (const id of ["desk-result", "desk-recent"]) {
    document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
  }
  if (reply.redirected || !options?.method) history.replaceState(null, "", reply.url);
  enliven();
  announce();
}

function announce() {
  const panel = document.querySelector("#desk-result [data-outcome]");
  if (!panel) return;
  const words = [panel.querySelector(".sign"), panel.querySelector(".said"), panel.querySelector(".scanned-name")];
  const outcome = panel.dataset.outcome;
  say(words.map((one) => one?.textContent.trim()).filter(Boolean).join(". "), outcome === "bad");
  play(outcome);
  (panel.querySelector("[data-first]") ?? field).focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

function scan(code) {
  field.value = "";
  say(form.dataset.saidWait.replace("{code}", code), false);
  const wanted = new URLSearchParams({ depot: form.dataset.depot, code });
  return ask(`/desk?${wanted}`);
}

// --- The scanner types: keys outside editable fields are collected until Enter or Tab.
let typed = "";
let lastKeyAt = 0;
const isEditable = (target) => target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select") !== null;

function keyOf(event) {
  // The physical key: a scanner set to a US layout types digits on an AZERTY computer too.
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (digit) return digit[1];
  return event.key.length === 1 ? event.key : "";
}

const trailingCode = (text) => /(\d{10})\D*$/.exec(text)?.[1] ?? "";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const inField = isEditable(event.target);
  if (event.timeStamp - lastKeyAt > FORGET_MS) typed = "";
  if (event.key === "Enter" || (event.key === "Tab" && typed.length >= CODE_LENGTH)) return void ended(event, inField);
  const key = keyOf(event);
  if (!key) return;
  lastKeyAt = event.timeStamp;
  // A space on a button presses it; scanners send none before the first digit.
  if (!inField && key === " " && !typed) return;
  typed += key;
  if (!inField) event.preventDefault();
}, true);

function ended(event, inField) {
  const collected = typed;
  typed = "";
  const code = trailingCode(collected);
  if (event.target === field) {
    if (!hasValidKey(code) || hasValidKey(trailingCode(field.value))) return;
    event.preventDefault();
    scan(code);
  } else if (inField) {
    // A scan that landed in the count of a line: the count comes back, the scan is read.
    if (!code || !event.target.value.includes(code.slice(-4))) return;
    event.preventDefault();
    event.target.value = event.target.defaultValue;
    scan(code);
  } else if (collected) {
    event.preventDefault();
    event.stopPropagation();
    if (code) scan(code);
    else refuse(form.dataset.saidShort.replace("{code}", collected));
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.value.trim()) scan(field.value.trim());
});

document.getElementById("desk-result").addEventListener("submit", (event) => {
  event.preventDefault();
  const action = event.target;
  if (action.dataset.sent) return;
  action.dataset.sent = "yes";
  const body = new URLSearchParams(new FormData(action, event.submitter));
  if (action.method === "get") return void ask(`${action.getAttribute("action")}?${body}`).finally(() => delete action.dataset.sent);
  ask(action.getAttribute("action"), { method: "POST", body }).finally(() => delete action.dataset.sent);
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
  const all = document.querySelector(".all-there button");
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

enliven();
announce();
