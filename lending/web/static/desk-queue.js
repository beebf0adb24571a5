// What a desk did and the server does not know yet: in the browser's database before anything is said about it, sent
// in its order, under a key of its own, so that the server does each once however often it comes.
const WAITING = "waiting";
const TROUBLE = "trouble";
const RAW = "raw";
const BATCH = 50;
const PATIENCE_MS = 15_000;
// The order is kept: these answers stop the queue, and it goes on from there.
const HELD = [401, 403, 408, 425, 429];

// As long as this page is open it holds a lock of its own, by which other pages know.
const PAGE = crypto.randomUUID();
const lockOf = (page) => `desk-page-${page}`;
const isOpen = new Promise((resolve) => {
  navigator.locks.request(lockOf(PAGE), () => { resolve(); return new Promise(() => {}); });
});

const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const finished = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = resolve;
  transaction.onerror = transaction.onabort = () => reject(transaction.error);
});
const opening = new Promise((resolve, reject) => {
  const request = indexedDB.open("desk", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("acts", { keyPath: "seq", autoIncrement: true }).createIndex("state", "state");
    request.result.createObjectStore("facts");
  };
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
opening.catch(() => {});

async function change(store, work) {
  const database = await opening;
  const transaction = database.transaction(store, "readwrite", { durability: "strict" });
  const result = await work(transaction.objectStore(store));
  await finished(transaction);
  return result;
}

async function inState(state) {
  const database = await opening;
  return settled(database.transaction("acts").objectStore("acts").index("state").getAll(state));
}

export const remember = (name, fact) => change("facts", (store) => settled(store.put(fact, name)));
export async function recall(name) {
  const database = await opening;
  return settled(database.transaction("facts").objectStore("facts").get(name));
}

// --- The server's clock minus ours, as the last answer told it.
let offset;
export async function measured(serverMs, askedMs) {
  offset = Math.round(serverMs - (askedMs + Date.now()) / 2);
  await remember("offset", offset);
  return offset;
}
export const measuredOffset = async () => (offset ??= (await recall("offset")) ?? 0);

export async function add(entry) {
  const kept = { device_at: new Date().toISOString(), offset_ms: await measuredOffset(), ...entry };
  kept.seq = await change("acts", (store) => settled(store.add(kept)));
  return kept;
}
export const keepScan = (scan) => add({ ...scan, page: PAGE, state: RAW });
export const put = (entry) => change("acts", (store) => settled(store.put(entry)));
export const drop = (entry) => change("acts", (store) => settled(store.delete(entry.seq)));
export const waiting = () => inState(WAITING);
export const troubles = () => inState(TROUBLE);

// What was read by pages that are gone, before an answer came: it waits to be sent. What a page that is open has in
// hand is left to it, and what was decided meanwhile stays decided.
export async function adoptRaw() {
  await isOpen;
  const open = new Set((await navigator.locks.query()).held.map((lock) => lock.name));
  await change("acts", async (store) => {
    const raw = await settled(store.index("state").getAll(RAW));
    for (const entry of raw) if (!open.has(lockOf(entry.page))) store.put({ ...entry, state: WAITING });
  });
}
// What was read becomes what was done, in the place of what was read.
export const decide = (scan, deed) => put({ ...scan, ...deed, state: WAITING });

// An older look at a copy says nothing more once something was done with it.
export async function forgetLooks(code, exceptSeq) {
  for (const entry of await waiting()) if (entry.action === "look" && entry.code === code && entry.seq !== exceptSeq) await drop(entry);
}

const wired = ({ key, action, code, device_at, offset_ms, booking_id, school_id, due_on, found, note }) =>
  ({ key, action, code, device_at, offset_ms, booking_id, school_id, due_on, found: found ?? [], note: note ?? "" });

async function post(address, body) {
  const reply = await fetch(address, {
    method: "POST", body: JSON.stringify(body), credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS),
    headers: { "content-type": "application/json", accept: "application/json" },
  });
  if (reply.status >= 500 || HELD.includes(reply.status)) throw Object.assign(new Error(`held: ${reply.status}`), { status: reply.status });
  return reply;
}

const trouble = (entry, facts) => put({ ...entry, ...facts, state: TROUBLE });

async function settle(entry, line) {
  // The line of an earlier sending whose answer got lost still tells whom it displaced.
  const status = line.status === "known" && line.displaced.length ? "conflict" : line.status;
  if (status === "done" || status === "known") return drop(entry);
  return trouble(entry, { status, displaced: line.displaced, detail: line.detail, slug: line.slug });
}

async function sendActs(entries) {
  const reply = await post("/api/desk/replay", { depot_id: entries[0].depot_id, acts: entries.map(wired) });
  if (reply.ok) {
    const lines = new Map((await reply.json()).map((line) => [line.key, line]));
    for (const entry of entries) await settle(entry, lines.get(entry.key) ?? { status: "refused", displaced: [], detail: "" });
  } else if (entries.length > 1) {
    for (const entry of entries) await sendActs([entry]);
  } else {
    const problem = await reply.json().catch(() => ({}));
    await trouble(entries[0], { status: "refused", slug: problem.type, detail: problem.detail ?? "" });
  }
}

// A code that was only read: asked what it means now. What needs a hand stays on the page, the rest is as it should be.
async function sendLook(entry) {
  const reply = await post("/api/desk/scans", { depot_id: entry.depot_id, code: entry.code });
  const answer = await reply.json().catch(() => ({}));
  if (!reply.ok) return trouble(entry, { status: "refused", slug: answer.type, detail: answer.detail ?? "" });
  if (answer.situation === "take_back") return trouble(entry, { status: "out", school_name: answer.booking?.school_name ?? "" });
  // Who only put it back on the shelf is not asked for whom else it would do.
  const wasMeant = !["on-shelf", "again"].includes(entry.seen);
  if (answer.situation === "hand_over" && wasMeant) return trouble(entry, { status: "waits", school_name: answer.booking?.school_name ?? "" });
  return drop(entry);
}

function nextBatch(entries) {
  const [first] = entries;
  if (first.action === "look") return [first];
  const end = entries.findIndex((entry) => entry.action === "look" || entry.depot_id !== first.depot_id);
  return entries.slice(0, end < 0 ? BATCH : Math.min(end, BATCH));
}

// One page of this browser sends at a time. Resolves when nothing waits; rejects when the network or the server is gone.
export const drain = (onChange) => navigator.locks.request("desk-queue", async () => {
  for (let entries = await waiting(); entries.length; entries = await waiting()) {
    const batch = nextBatch(entries);
    if (batch[0].action === "look") await sendLook(batch[0]);
    else await sendActs(batch);
    await onChange();
  }
});
