// The stops of a round: what a code means at one, and how each is drawn. `view` is the round as the server told it,
// `acts` is what this phone did since.
import { badge, filled, words } from "./offline-parts.js";

const digitsOf = (code) => code.replace(/[^0-9]/g, "");
const codesOf = (errand) => [digitsOf(errand.copy_code), ...errand.parcel_codes].filter(Boolean);

const hasLeft = (stop, acts) => stop.visited_at !== null || acts.some((act) => act.action === "leave" && act.stop_id === stop.id);
export const ahead = (view, acts) => view.stops.filter((stop) => !hasLeft(stop, acts));

// What a scan at a stop is for. Without an errand nobody knows here: another copy of the title may do, the server says.
export function meant(stop, code, acts) {
  const digits = digitsOf(code);
  for (const errand of stop.errands) {
    const own = codesOf(errand).find((one) => digits.endsWith(one));
    if (!own) continue;
    const isAgain = errand.state === "done" || acts.some((act) => act.action === "scan" && act.stop_id === stop.id && act.own === own);
    return { errand, own, isAgain };
  }
  const isAgain = acts.some((act) => act.action === "scan" && act.stop_id === stop.id && act.code === code);
  return { errand: null, own: null, isAgain };
}

export const saidOf = (errand) => (errand.what === "delivery" ? words.delivered : words.collected);

// A delivery is done once each of its codes was read; what is collected goes with the first.
function isDoneHere(errand, acts) {
  const codes = codesOf(errand);
  const read = codes.filter((one) => acts.some((act) => act.errand_id === errand.id && act.own === one));
  return errand.what === "delivery" ? read.length === codes.length : read.length > 0;
}

function badgeOf(errand, acts) {
  if (errand.state === "done") return badge(words.done, "good", "check");
  if (isDoneHere(errand, acts)) return badge(filled(words.waiting, { what: saidOf(errand) }), "info", "clock");
  return errand.state === "missed" ? badge(words.missed, "warn", "alert") : null;
}

function paintErrand(errand, acts) {
  const line = document.querySelector(`[data-errand="${errand.id}"]`);
  line.querySelector(".badge")?.remove();
  const drawn = badgeOf(errand, acts);
  if (drawn) line.append(drawn);
}

function paintStop(stop, acts, present) {
  const [place, isOver] = [document.getElementById(`stop-${stop.id}`), hasLeft(stop, acts)];
  place.classList.toggle("present", stop.id === present);
  if (isOver) place.querySelector(".badges").replaceChildren(badge(stop.visited_at ? words.over : words.leftWaiting, stop.visited_at ? "good" : "info", stop.visited_at ? "check" : "clock"));
  const [go, leave] = [place.querySelector(".go"), place.querySelector(".leave")];
  if (go) go.hidden = isOver || stop.id === present;
  if (leave) leave.hidden = isOver;
  if (leave && stop.id === present) leave.open = true;
  // How many lines are not scanned was true when the page was made.
  const waited = stop.errands.filter((one) => one.state === "waiting" && !isDoneHere(one, acts));
  const warning = leave?.querySelector(".waited");
  if (warning) warning.hidden = waited.length === 0;
  stop.errands.forEach((errand) => paintErrand(errand, acts));
}

export function paint(view, acts, present) {
  view.stops.forEach((stop) => paintStop(stop, acts, present));
}

// --- Without network the stops are drawn from what was kept.
const hour = (time) => time.slice(0, 5);
function fillErrand(errand) {
  const line = document.getElementById(`${errand.what}-template`).content.firstElementChild.cloneNode(true);
  line.dataset.errand = errand.id;
  line.querySelector(".thing").textContent = errand.label;
  line.querySelector(".code").textContent = errand.copy_code;
  return line;
}

function fillStop(stop) {
  const place = document.getElementById("stop-template").content.firstElementChild.cloneNode(true);
  place.id = `stop-${stop.id}`;
  place.querySelector("h2").textContent = `${stop.number}. ${stop.name}`;
  place.querySelector(".badges").textContent = stop.begins_at ? hour(stop.begins_at) : "";
  place.querySelector(".where").textContent = [stop.address, ...stop.hours.map((one) => `${hour(one.opens_at)}–${hour(one.closes_at)}`)].filter(Boolean).join(" · ");
  const phone = place.querySelector(".phone");
  Object.assign(phone, { textContent: stop.phone, href: `tel:${stop.phone.replaceAll(" ", "")}`, hidden: !stop.phone });
  place.querySelector(".errands").replaceChildren(...stop.errands.map(fillErrand));
  for (const name of place.querySelectorAll(".hidden")) name.textContent = ` ${stop.name}`;
  place.querySelector(".go a").href = `?stop=${stop.id}#stop-${stop.id}`;
  place.querySelector("label").htmlFor = place.querySelector("[name=note]").id = `note-${stop.id}`;
  return place;
}

export function draw(view) {
  document.getElementById("reference").textContent = view.summary.reference;
  document.getElementById("stops").replaceChildren(...view.stops.map(fillStop));
}
