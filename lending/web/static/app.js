// Comfort on top of pages that work without it: results while one types, one send per form.
const PAUSE_MS = 150;

function liveSearch(form) {
  const target = document.getElementById("results");
  let waiting, running;
  async function refresh() {
    running?.abort();
    running = new AbortController();
    const wanted = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...wanted]) if (!value) wanted.delete(name, value);
    const address = `${form.getAttribute("action")}?${wanted}`;
    target.classList.add("is-waiting");
    try {
      const answer = await fetch(address, { signal: running.signal, headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("results");
      if (!fresh) return void form.submit();
      target.replaceChildren(...fresh.childNodes);
      for (const list of page.querySelectorAll("[data-counts]")) {
        document.querySelector(`[data-counts="${list.dataset.counts}"]`)?.replaceChildren(...list.childNodes);
      }
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    } finally {
      target.classList.remove("is-waiting");
    }
  }
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(refresh, PAUSE_MS); };
  form.addEventListener("input", (event) => {
    // A date is half typed until both ends are there; the server would only complain.
    const { starts_on: first, due_on: last } = form.elements;
    if (event.target.type === "date" && !!first.value !== !!last.value) return;
    soon();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(waiting); refresh(); });
}

document.querySelectorAll("form[data-live]").forEach(liveSearch);

// A double click sends a form once; the server would notice too.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) return void event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// The last day follows the first one, as long as the person has not chosen it.
document.querySelectorAll("form[data-period]").forEach((form) => {
  const { starts_on: first, due_on: last } = form.elements;
  last.addEventListener("input", () => { last.dataset.chosen = "yes"; });
  first.addEventListener("input", () => {
    last.min = first.value;
    const length = Number(form.dataset.period);
    if (!first.value || (last.dataset.chosen && last.value >= first.value)) return;
    const day = new Date(`${first.value}T12:00:00Z`);
    day.setUTCDate(day.getUTCDate() + length - 1);
    last.value = day.toISOString().slice(0, 10);
  });
});
