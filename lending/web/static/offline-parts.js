// What pages that work without network draw by themselves: words, small parts, the lists of what waits and what went
// wrong.
export const words = JSON.parse(document.getElementById("offline-words").dataset.words);
const ICON_FILE = document.querySelector("svg.icon use").getAttribute("href").split("#")[0];

export function make(tag, facts = {}, ...children) {
  const made = Object.assign(document.createElement(tag), facts);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${ICON_FILE}#${name}`);
  drawing.append(use);
  return drawing;
}

export const filled = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
export const shownCode = (code) => (/^\d{10}$/.test(code) ? `${code.slice(0, 3)} ${code.slice(3, 8)} ${code.slice(8)}` : code);
export const button = (label, onclick, className = "second") => make("button", { type: "button", textContent: label, onclick, className });
export const badge = (text, tone, sign) => make("span", { className: `badge ${tone}` }, icon(sign), text);
export const hourOf = (instant) => new Date(instant).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

export function fill(id, entries, toLine) {
  const section = document.getElementById(id);
  section.hidden = entries.length === 0;
  section.querySelector("ul, ol").replaceChildren(...entries.map(toLine));
}

// What waits counts in the title of the page too.
export function countInTitle(count) {
  document.title = document.title.replace(/^(\(\d+\) )?/, count ? `(${count}) ` : "");
}
