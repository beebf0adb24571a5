// What the desk says by itself while no page of the server can be had, and the lists of what waits and what went wrong.
import { button, fill, filled, hourOf, icon, make, shownCode, words } from "./offline-parts.js";

const TONES = { "handed-over": "good", "taken-back": "good", incomplete: "warn", "to-hand-over": "good", "to-take-back": "info", kept: "warn", refused: "bad", undone: "info" };
const ICONS = { "handed-over": "out", "taken-back": "check", incomplete: "alert", "to-hand-over": "out", "to-take-back": "in", sheet: "people", kept: "clock", refused: "alert", undone: "undo" };
const SAID = { "to-hand-over": "toHandOver", "to-take-back": "toTakeBack", "on-shelf": "onShelf", again: "again", "taken-back": "takenBack", incomplete: "incomplete", undone: "undone" };

export function headline(answer) {
  if (answer.what === "handed-over") return filled(words.handedOver, { school: answer.loan.school_name });
  if (answer.what === "sheet") return filled(words.sheet, { school: answer.sheet.school_name });
  return words[answer.said ?? SAID[answer.what]] ?? answer.said ?? "";
}

// The panel of an answer without network; `acts` are what its buttons do.
export function panelOf(answer, code, acts) {
  const tone = TONES[answer.what] ?? "info";
  const panel = make("section", { className: `panel outcome ${tone}` });
  panel.dataset.outcome = tone;
  panel.append(make("h2", { className: "sign", tabIndex: -1 }, icon(ICONS[answer.what] ?? "place"), headline(answer)));
  if (answer.title) panel.append(make("p", { className: "scanned-name", textContent: answer.title.name }));
  panel.append(make("p", {}, make("code", { className: "code", textContent: shownCode(code) })));
  if (answer.what === "to-take-back") panel.append(...returnButtons(answer, code, acts));
  if (answer.what === "to-hand-over") panel.append(make("p", { textContent: words.scanSheet }), ...answer.candidates.map((loan) => button(filled(words.giveTo, { school: loan.school_name }), () => acts.give(code, loan))));
  if (answer.what === "sheet") panel.append(make("ul", { className: "plain sheet-list" }, ...answer.loans.map((loan) => make("li", {}, icon(loan.state === "out" ? "in" : "out"), make("strong", { textContent: loan.title_name }), make("code", { className: "code", textContent: shownCode(loan.copy_code) })))));
  if (acts.undo) panel.append(make("p", {}, button(words.undo, acts.undo, "second small")));
  return panel;
}

function returnButtons(answer, code, acts) {
  const all = button(words.allThere, () => acts.take(code, answer.loan, []), "big");
  all.dataset.first = "";
  const lines = answer.title.sections.flatMap((section) => section.lines);
  if (!lines.length) return [all];
  const parts = lines.map((line) => button(filled(words.missing, { name: line.name }), () => acts.take(code, answer.loan, [{ line_id: line.id, found: line.quantity - 1 }]), "second part"));
  return [all, make("div", { className: "parts" }, ...parts)];
}

// --- What waits to be sent, and what a person must look at.

function lineOf(entry, ...more) {
  const what = [entry.label, entry.school_name].filter(Boolean).join(", ");
  return make("li", {}, make("span", { textContent: words[entry.action] ?? entry.action }), make("code", { className: "code", textContent: shownCode(entry.code) }), make("span", { className: "soft", textContent: `${hourOf(entry.device_at)} ${what}` }), ...more);
}

function troubleWords(entry) {
  switch (entry.status) {
    case "conflict": return filled(words.conflict, { references: (entry.displaced ?? []).join(", ") });
    case "skipped": return words.skipped;
    case "out": return filled(words.stillOut, { school: entry.school_name ?? "" });
    case "waits": return words.stillToGive;
    default: return entry.detail || words.refusedAll;
  }
}

export function showLists(waiting, troubles, acts) {
  fill("desk-pending", waiting, (entry) => lineOf(entry));
  fill("desk-troubles", troubles, (entry) => lineOf(
    entry,
    make("strong", { className: "what", textContent: troubleWords(entry) }),
    button(words.openIt, () => acts.reopen(entry), "second small"),
    button(words.seen, () => acts.dismiss(entry), "second small"),
  ));
}
