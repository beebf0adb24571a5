// What a scan means by the day's list that this browser keeps, and by what was done here since. Pure: facts in, an answer
// out. `deed` is what was done; without one the code is kept and looked at when the network is back.
import { isLoanCode } from "./desk-scanner.js";

const plain = (code) => code.replace(/\s/g, "").toUpperCase();

// The loans as they stand after what waits here to be sent.
export function loansNow(day, entries) {
  const loans = new Map(day.loans.map((loan) => [loan.id, { ...loan }]));
  for (const entry of entries) {
    if (entry.action === "hand_over" && loans.has(entry.booking_id)) Object.assign(loans.get(entry.booking_id), { state: "out", copy_code: entry.code });
    if (entry.action === "take_back" && entry.booking_id) loans.delete(entry.booking_id);
  }
  return [...loans.values()];
}

function sheetOf(loans, day, code) {
  if (!isLoanCode(code) && !/[A-Z]/.test(code)) return null;
  const matches = (loan) => loan.loan_code === code || loan.reference === code;
  const loan = loans.find(matches) ?? day.loans.find(matches);
  const ofSchool = loan ?? day.loans.find((one) => one.school_uai === code);
  if (!ofSchool) return { isUnknown: true };
  return { code, booking_id: loan?.id ?? null, school_id: ofSchool.school_id, school_name: ofSchool.school_name };
}

// The loan's own booking first, else the only one of its school: what is not clear is for a person.
function meant(candidates, sheet) {
  if (!sheet) return null;
  const own = candidates.find((one) => one.id === sheet.booking_id);
  if (own) return own;
  const ofSchool = candidates.filter((one) => one.school_id === sheet.school_id);
  return ofSchool.length === 1 ? ofSchool[0] : null;
}

function candidatesFor(loans, day, code, titleId) {
  const until = new Date(`${day.today}T12:00:00Z`);
  until.setUTCDate(until.getUTCDate() + 1);
  const limit = until.toISOString().slice(0, 10);
  const near = loans.filter((one) => one.state === "planned" && one.title_id === titleId && one.starts_on <= limit);
  return near.sort((a, b) => (b.copy_code === code) - (a.copy_code === code) || a.starts_on.localeCompare(b.starts_on));
}

export const handOver = (code, loan) => ({ action: "hand_over", code, booking_id: loan.id, label: loan.title_name, school_name: loan.school_name });
export const takeBack = (code, loan, found = []) => ({ action: "take_back", code, booking_id: loan.id, found, label: loan.title_name, school_name: loan.school_name });

// `held` is the copy that waits for its sheet, `sheet` what is open, `pile` the mode.
export function read(scanned, { day, entries, sheet, held, pile }) {
  const code = plain(scanned);
  if (!day) return { what: "kept", said: "noDay", sheet };
  const titles = new Map(day.titles.map((title) => [title.id, title]));
  const loans = loansNow(day, entries).map((loan) => ({ ...loan, title_name: titles.get(loan.title_id)?.name ?? "" }));
  const opened = sheetOf(loans, day, code);
  if (opened?.isUnknown) return { what: "kept", said: "unknownSheet", sheet };
  if (opened) return sheetRead(opened, { day, loans, held });
  // A copy that is not for the open sheet closes it: nobody gets what comes next by an old paper.
  const copy = day.copies.find((one) => one.code === code);
  const out = loans.find((one) => one.state === "out" && one.copy_code === code);
  const title = titles.get(out?.title_id ?? copy?.title_id);
  if (!title) return { what: "kept", said: "kept", sheet: null };
  if (copy?.is_asked) return { what: "kept", said: "asked", title, sheet: null };
  if (out) {
    if (pile && title.in_piles) return { what: "taken-back", deed: takeBack(code, out), loan: out, title, sheet: null };
    return { what: "to-take-back", loan: out, title, sheet: null };
  }
  const candidates = candidatesFor(loans, day, code, title.id);
  const chosen = meant(candidates, sheet);
  if (chosen) return { what: "handed-over", deed: handOver(code, chosen), loan: chosen, title, sheet };
  if (candidates.length) return { what: "to-hand-over", candidates, title, sheet: null, held: { code, title_id: title.id } };
  const isAgain = entries.some((one) => one.action === "take_back" && one.code === code);
  return { what: isAgain ? "again" : "on-shelf", title, sheet: null };
}

function sheetRead(sheet, { day, loans, held }) {
  const chosen = held && meant(candidatesFor(loans, day, held.code, held.title_id), sheet);
  if (chosen) return { what: "handed-over", deed: handOver(held.code, chosen), loan: chosen, title: { name: chosen.title_name }, sheet };
  return { what: "sheet", sheet, loans: loans.filter((one) => one.school_id === sheet.school_id) };
}
