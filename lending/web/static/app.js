// Comfort on top of pages that work without it: results while one types, days chosen by a click, one send per form.
const PAUSE_MS = 150;
const SETTLED_MS = 2500;

// --- Search: the page follows the form; the address follows the page.
function liveSearch(form) {
  const target = document.getElementById("results");
  let waiting, running, settling;
  async function refresh(isFinal) {
    clearTimeout(waiting);
    clearTimeout(settling);
    running?.abort();
    const mine = (running = new AbortController());
    const wanted = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...wanted]) if (!value || `${name}=${value}` === "sort=relevance") wanted.delete(name, value);
    const address = `${form.getAttribute("action")}?${wanted}`;
    target.classList.add("is-waiting");
    try {
      const answer = await fetch(address, { signal: mine.signal, headers: { accept: "text/html", "x-typing": "1" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine.signal.aborted) return;
      const fresh = page.getElementById("results");
      if (!answer.ok || !fresh) return void form.submit();
      // A number that names one thing leads there, once it is sent: a scanner ends with Enter.
      if (isFinal && fresh.dataset.direct) return void location.assign(fresh.dataset.direct);
      show(page, fresh);
      document.title = page.title;
      history.replaceState(null, "", address);
      // Who stops typing at nothing found looked for this: asked once more as a whole, it is counted as unmet.
      if (target.querySelector(".empty")) settling = setTimeout(() => fetch(address, { keepalive: true }), SETTLED_MS);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    } finally {
      if (mine === running) target.classList.remove("is-waiting");
    }
  }
  function show(page, fresh) {
    target.replaceChildren(...fresh.childNodes);
    document.getElementById("said").textContent = target.querySelector("h2")?.textContent ?? "";
    const focused = document.activeElement;
    for (const list of page.querySelectorAll("[data-counts]")) {
      const shown = form.querySelector(`[data-counts="${list.dataset.counts}"]`);
      if (!shown) continue;
      shown.replaceChildren(...list.childNodes);
      shown.closest("details").hidden = list.closest("details").hidden;
      narrow(shown);
    }
    // The boxes were replaced: the keyboard stays where it was.
    if (focused?.type === "checkbox" && !focused.isConnected) {
      [...form.querySelectorAll(`input[name="${focused.name}"]`)].find((box) => box.value === focused.value)?.focus();
    }
  }
  form.addEventListener("input", (event) => {
    // A period is half typed until both ends are there; the server would only complain.
    const { starts_on: first, due_on: last } = form.elements;
    if (event.target.type === "date" && !!first.value !== !!last.value) return;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); refresh(true); });
  form.querySelectorAll("[data-narrow]").forEach(narrow);
}
// A long list gets a field that hides what does not hold the words typed.
const LONG_LIST = 12;
const folded = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
function narrow(list) {
  let field = list.previousElementSibling?.matches("input") ? list.previousElementSibling : null;
  if (!field && list.children.length > LONG_LIST) {
    field = Object.assign(document.createElement("input"), { type: "search", className: "narrowing", autocomplete: "off" });
    field.setAttribute("aria-label", list.dataset.narrow);
    field.placeholder = list.dataset.narrow;
    // It narrows the list, not the search.
    field.addEventListener("input", (event) => { event.stopPropagation(); narrow(list); });
    list.before(field);
  }
  if (field) field.hidden = !field.value && list.children.length <= LONG_LIST;
  const wanted = folded(field?.value ?? "");
  for (const item of list.children) item.hidden = !folded(item.textContent).includes(wanted);
}
document.querySelectorAll("form[data-live]").forEach(liveSearch);

// --- A double click sends a form once; the server would notice too.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) return void event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// --- Reserving: the last day follows the first one until the person has chosen it; days of the calendar are buttons for the mouse.
function period(form) {
  const { starts_on: first, due_on: last } = form.elements;
  const days = [...document.querySelectorAll("#calendar [data-day]")];
  let isChosen = Boolean(last.value);
  function paint() {
    // Set only when it differs: the browser begins a date anew that is being typed.
    if (last.min !== first.value) last.min = first.value;
    for (const day of days) day.classList.toggle("chosen", Boolean(first.value) && day.dataset.day >= first.value && day.dataset.day <= (last.value || first.value));
  }
  function follow() {
    if (first.value && (!isChosen || last.value < first.value)) {
      const day = new Date(`${first.value}T12:00:00Z`);
      day.setUTCDate(day.getUTCDate() + Number(form.dataset.period) - 1);
      last.value = day.toISOString().slice(0, 10);
      isChosen = false;
    }
    paint();
  }
  function choose(event) {
    const day = event.target.closest(".free")?.dataset.day;
    if (!day) return;
    if (first.value && !isChosen && day > first.value) {
      last.value = day;
      isChosen = true;
      return paint();
    }
    first.value = day;
    isChosen = false;
    follow();
  }
  first.addEventListener("input", follow);
  last.addEventListener("input", () => { isChosen = Boolean(last.value); paint(); });
  document.querySelector("#calendar .months")?.classList.add("can-choose");
  document.querySelector("#calendar .months")?.addEventListener("click", choose);
  paint();
}
document.querySelectorAll("form[data-period]").forEach(period);
