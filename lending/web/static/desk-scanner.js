// A scanner types like a keyboard, wherever the focus is. Keys outside fields are collected until Enter or Tab: never by
// their speed alone, for a slow computer would lose a scan, and its Enter would press the link that has the focus.
const COPY = 10;
const LOAN = 14;
const FORGET_MS = 2500;

const keyHolds = (digits) => Number(digits) % 97 === 1;
const isCopyCode = (code) => new RegExp(`^\\d{${COPY}}$`).test(code) && keyHolds(code);
export const isLoanCode = (code) => new RegExp(`^99\\d{${LOAN - 2}}$`).test(code) && keyHolds(code);
const REFERENCE = /([B-DF-HJKMNP-TV-XZ2-9]{4})[^B-DF-HJKMNP-TV-XZ2-9]([B-DF-HJKMNP-TV-XZ2-9]{4})$/;
const UAI = /\d{7}[A-Z]$/;

// The code in what was typed: ours by its key, a reference, a school's; else a whole number as boxes carry it.
export function codeIn(text, byPlace = text) {
  const digits = /(\d+)\D*$/.exec(byPlace)?.[1] ?? "";
  if (isLoanCode(digits.slice(-LOAN))) return digits.slice(-LOAN);
  if (isCopyCode(digits.slice(-COPY))) return digits.slice(-COPY);
  // A scanner set to another layout types other letters than the keys stand for: both readings are tried.
  for (const one of [text.toUpperCase(), byPlace.toUpperCase()]) {
    const reference = REFERENCE.exec(one);
    if (reference) return `${reference[1]}-${reference[2]}`;
    if (UAI.test(one)) return one.slice(-8);
  }
  return digits.length >= COPY - 2 ? digits.slice(-LOAN) : "";
}

function placeOf(event) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (digit) return digit[1];
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter) return letter[1];
  return event.code === "Minus" || event.code === "NumpadSubtract" ? "-" : event.key;
}

// The physical key for digits: a scanner set to a US layout types digits on an AZERTY computer too.
const keyOf = (event) => /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] ?? event.key;

const isEditable = (target) => target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select") !== null;

export function listen(field, { onScan, onShort }) {
  let typed = "", places = "", lastAt = 0;
  const forget = () => { typed = places = ""; };

  function ended(event) {
    const [text, byPlace] = [typed, places];
    forget();
    const code = codeIn(text, byPlace);
    if (event.target === field) {
      // What was typed by hand is sent as it stands; a scan is sent as it was meant.
      if (!code || field.value.includes(code)) return;
      event.preventDefault();
      field.value = "";
      onScan(code);
    } else if (event.target.matches?.("[data-scan-here]")) {
      if (code) event.target.value = code;
    } else if (isEditable(event.target)) {
      // A scan that landed in another field: the field gets back what it held, the scan is read.
      if (!code || !event.target.value?.includes(code.slice(-4))) return;
      event.preventDefault();
      event.target.value = event.target.defaultValue ?? "";
      onScan(code);
    } else if (text) {
      event.preventDefault();
      event.stopPropagation();
      if (code) onScan(code);
      else onShort(text);
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // A whole code waits for its Enter, however long a busy computer takes: that Enter must not press the button in focus.
    const isLate = event.timeStamp - lastAt > FORGET_MS;
    if (isLate && !(event.key === "Enter" && codeIn(typed, places))) forget();
    if (event.key === "Enter" || (event.key === "Tab" && typed.length >= COPY)) return void ended(event);
    if (event.key.length !== 1) return;
    lastAt = event.timeStamp;
    const inField = isEditable(event.target);
    // A space on a button presses it; scanners send none before the first digit.
    if (!inField && event.key === " " && !typed) return;
    typed += keyOf(event);
    places += placeOf(event);
    if (!inField) event.preventDefault();
  }, true);
}
