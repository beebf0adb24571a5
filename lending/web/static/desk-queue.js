// The desk's queue: what it did goes through the replay, what it only read is looked at again.
import { makeQueue, post } from "./offline-queue.js";

const BATCH = 50;
const queue = makeQueue("desk");
export const { put, drop, waiting, troubles, adoptRaw, remember, recall, measured, measuredOffset, keepScan, decide } = queue;

// An older look at a copy says nothing more once something was done with it.
export async function forgetLooks(code, exceptSeq) {
  for (const entry of await waiting()) if (entry.action === "look" && entry.code === code && entry.seq !== exceptSeq) await drop(entry);
}

const wired = ({ key, action, code, device_at, offset_ms, booking_id, school_id, due_on, found, note }) =>
  ({ key, action, code, device_at, offset_ms, booking_id, school_id, due_on, found: found ?? [], note: note ?? "" });
const bodyOf = (entries) => ({ depot_id: entries[0].depot_id, acts: entries.map(wired) });

// A code that was only read: asked what it means now. What needs a hand stays on the page, the rest is as it should be.
async function sendLook(entry) {
  const reply = await post("/api/desk/scans", { depot_id: entry.depot_id, code: entry.code });
  const answer = await reply.json().catch(() => ({}));
  if (!reply.ok) return queue.trouble(entry, { status: "refused", slug: answer.type, detail: answer.detail ?? "" });
  if (answer.situation === "take_back") return queue.trouble(entry, { status: "out", school_name: answer.booking?.school_name ?? "" });
  // Who only put it back on the shelf is not asked for whom else it would do.
  const wasMeant = !["on-shelf", "again"].includes(entry.seen);
  if (answer.situation === "hand_over" && wasMeant) return queue.trouble(entry, { status: "waits", school_name: answer.booking?.school_name ?? "" });
  return drop(entry);
}

function batchOf(entries) {
  const [first] = entries;
  if (first.action === "look") return [first];
  const end = entries.findIndex((entry) => entry.action === "look" || entry.depot_id !== first.depot_id);
  return entries.slice(0, end < 0 ? BATCH : Math.min(end, BATCH));
}

const sendBatch = (batch) => (batch[0].action === "look" ? sendLook(batch[0]) : queue.sendActs(batch, "/api/desk/replay", bodyOf));
export const drain = (onChange) => queue.drain(batchOf, sendBatch, onChange);
