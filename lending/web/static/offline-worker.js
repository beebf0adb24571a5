// Between some pages and the network: without network the desk, and a round that is driven, open from what was kept
// here. Nothing of a person is kept: the page that stands in holds no name, and its list is the page's own affair.
const [, PLACE] = location.pathname.split("/");
const SHELL = `/${PLACE}/offline`;
const STORE = `${PLACE}-1`;
const STOOD_IN = /^(\/desk|\/rounds\/[0-9]+)$/;

async function keepShell() {
  const reply = await fetch(SHELL, { credentials: "same-origin" });
  if (!reply.ok) return;
  const needed = new Set([...(await reply.clone().text()).matchAll(/"(\/static\/[^"#]+)/g)].map((found) => found[1]));
  const store = await caches.open(STORE);
  await store.put(SHELL, reply);
  await Promise.all([...needed].map(async (address) => {
    const part = await fetch(address);
    if (part.ok) await store.put(address, part);
  }));
  for (const request of await store.keys()) {
    const { pathname, search } = new URL(request.url);
    if (pathname !== SHELL && !needed.has(pathname + search)) await store.delete(request);
  }
}

self.addEventListener("install", (event) => event.waitUntil(keepShell().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => { if (event.data === "keep") event.waitUntil(keepShell().catch(() => {})); });

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, searchParams } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && STOOD_IN.test(pathname)) event.respondWith(fetch(request).catch(() => caches.match(SHELL)));
  // What carries its own digest never changes; the rest is asked for first.
  else if (pathname.startsWith("/static/")) event.respondWith(searchParams.has("v") ? keptFirst(request) : keptLast(request));
});

const keptFirst = async (request) => (await caches.match(request)) ?? fetch(request);
const keptLast = async (request) => fetch(request).catch(async () => (await caches.match(request)) ?? Response.error());
