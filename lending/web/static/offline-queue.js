// What a page did and the server does not know yet: in the browser's database before anything is said about it, sent in
// its order, under a key of its own, so that the server does each once however often it comes.
const WAITING = "waiting";
const TROUBLE = "trouble";
const RAW = "raw";
const PATIENCE_MS = 15_000;
// The order is kept: these answers stop the queue, and it goes on from there.
const HELD = [401, 403, 408, 425, 429];

const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const finished = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = resolve;
  transaction.onerror = transaction.onabort = () => reject(transaction.error);
});

export async function post(address, body) {
  const reply = await fetch(address, {
    method: "POST", body: JSON.stringify(body), credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS),
    headers: { "content-type": "application/json", accept: "application/json" },
  });
  if (reply.status >= 500 || HELD.includes(reply.status)) throw Object.assign(new Error(`held: ${reply.status}`), { status: reply.status });
  return reply;
}

// A queue of its own for each sort of page, in a database of that name.
export function makeQueue(name) {
  // As long as this page is open it holds a lock of its own, by which other pages know.
  const page = crypto.randomUUID();
  const lockOf = (one) => `${name}-page-${one}`;
  const isOpen = new Promise((resolve) => {
    navigator.locks.request(lockOf(page), () => { resolve(); return new Promise(() => {}); });
  });
  const opening = new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
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

  const remember = (key, fact) => change("facts", (store) => settled(store.put(fact, key)));
  async function recall(key) {
    const database = await opening;
    return settled(database.transaction("facts").objectStore("facts").get(key));
  }
  // Facts that are of no more use.
  const forget = (isOver) => change("facts", async (store) => {
    const [keys, facts] = [await settled(store.getAllKeys()), await settled(store.getAll())];
    keys.forEach((key, number) => { if (isOver(key, facts[number])) store.delete(key); });
  });

  // --- The server's clock minus ours, as the last answer told it.
  let offset;
  async function measured(serverMs, askedMs) {
    offset = Math.round(serverMs - (askedMs + Date.now()) / 2);
    await remember("offset", offset);
    return offset;
  }
  const measuredOffset = async () => (offset ??= (await recall("offset")) ?? 0);

  async function add(entry) {
    const kept = { device_at: new Date().toISOString(), offset_ms: await measuredOffset(), ...entry };
    kept.seq = await change("acts", (store) => settled(store.add(kept)));
    return kept;
  }
  const put = (entry) => change("acts", (store) => settled(store.put(entry)));
  const drop = (entry) => change("acts", (store) => settled(store.delete(entry.seq)));
  const waiting = () => inState(WAITING);

  // What was read by pages that are gone, before an answer came: it waits to be sent. What a page that is open has in
  // hand is left to it, and what was decided meanwhile stays decided.
  async function adoptRaw() {
    await isOpen;
    const open = new Set((await navigator.locks.query()).held.map((lock) => lock.name));
    await change("acts", async (store) => {
      const raw = await settled(store.index("state").getAll(RAW));
      for (const entry of raw) if (!open.has(lockOf(entry.page))) store.put({ ...entry, state: WAITING });
    });
  }

  const trouble = (entry, facts) => put({ ...entry, ...facts, state: TROUBLE });

  async function settle(entry, line) {
    // The line of an earlier sending whose answer got lost still tells whom it displaced.
    const status = line.status === "known" && line.displaced.length ? "conflict" : line.status;
    if (status === "done" || status === "known") return drop(entry);
    return trouble(entry, { status, displaced: line.displaced, detail: line.detail, slug: line.slug });
  }

  // `bodyOf` says what is sent for entries; the answer has a line for each. What is no request at all is found one by
  // one, so that it stops nobody. `onLine` hears what became of each entry.
  async function sendActs(entries, address, bodyOf, onLine = () => {}) {
    const reply = await post(address, bodyOf(entries));
    if (reply.ok) {
      const lines = new Map((await reply.json()).map((line) => [line.key, line]));
      for (const entry of entries) {
        const line = lines.get(entry.key) ?? { status: "refused", displaced: [], detail: "" };
        await settle(entry, line);
        onLine(entry, line);
      }
    } else if (entries.length > 1) {
      for (const entry of entries) await sendActs([entry], address, bodyOf, onLine);
    } else {
      const problem = await reply.json().catch(() => ({}));
      const line = { status: "refused", slug: problem.type, detail: problem.detail ?? "" };
      await trouble(entries[0], line);
      onLine(entries[0], line);
    }
  }

  // One page of this browser sends at a time. Resolves when nothing waits; rejects when the network or the server is gone.
  const drain = (batchOf, sendBatch, onChange) => navigator.locks.request(`${name}-queue`, async () => {
    for (let entries = await waiting(); entries.length; entries = await waiting()) {
      await sendBatch(batchOf(entries));
      await onChange();
    }
  });

  return {
    add, put, drop, waiting, adoptRaw, remember, recall, forget, measured, measuredOffset, trouble, sendActs, drain,
    keepScan: (scan) => add({ ...scan, page, state: RAW }),
    keepAct: (act) => add({ ...act, state: WAITING }),
    troubles: () => inState(TROUBLE),
    // What was read becomes what was done, in the place of what was read.
    decide: (scan, deed) => put({ ...scan, ...deed, state: WAITING }),
  };
}
