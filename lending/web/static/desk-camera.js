// The camera reads what it is shown: by the browser's own reader where there is one, else frame by frame on the server.
const FORMATS = ["code_128", "ean_13", "qr_code"];
const WIDEST = 1280;
const PAUSE_MS = 200;
const AGAIN_MS = 4000;
const video = document.getElementById("camera-picture");
const panel = document.getElementById("camera");
const torch = document.getElementById("torch");
const said = document.getElementById("camera-said");
const canvas = document.createElement("canvas");
let track;

async function ownReader() {
  if (!("BarcodeDetector" in self)) return null;
  const supported = await BarcodeDetector.getSupportedFormats();
  const formats = FORMATS.filter((one) => supported.includes(one));
  if (formats.length < FORMATS.length) return null;
  const detector = new BarcodeDetector({ formats });
  return async () => (await detector.detect(video)).map((one) => one.rawValue);
}

async function readOnServer() {
  const scale = Math.min(1, WIDEST / video.videoWidth);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  const frame = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.8); });
  const body = new FormData();
  body.append("file", frame, "frame.jpg");
  const reply = await fetch("/api/desk/frames", { method: "POST", body, credentials: "same-origin" });
  return reply.ok ? (await reply.json()).codes : [];
}

async function watch(onCode) {
  const reader = (await ownReader()) ?? readOnServer;
  let last = "", lastAt = 0;
  while (track?.readyState === "live") {
    const codes = video.videoWidth ? await reader().catch(() => []) : [];
    const [code] = codes;
    // What stays before the camera is one scan.
    if (code && (code !== last || Date.now() - lastAt > AGAIN_MS)) onCode(code);
    if (code) [last, lastAt] = [code, Date.now()];
    await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
  }
}

function close() {
  track?.stop();
  track = undefined;
  video.srcObject = null;
  panel.hidden = true;
}

async function open(onCode, words) {
  panel.hidden = false;
  said.textContent = "";
  try {
    const wanted = { facingMode: "environment", width: { ideal: WIDEST }, height: { ideal: 720 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    video.srcObject = stream;
    [track] = stream.getVideoTracks();
    await video.play();
  } catch {
    said.textContent = words.noCamera;
    return;
  }
  torch.hidden = !track.getCapabilities?.().torch;
  watch(onCode);
}

export function offerCamera(onCode, words) {
  document.getElementById("camera-open").addEventListener("click", () => open(onCode, words));
  document.getElementById("camera-close").addEventListener("click", close);
  torch.addEventListener("click", async () => {
    const isOn = torch.getAttribute("aria-pressed") !== "true";
    await track.applyConstraints({ advanced: [{ torch: isOn }] });
    torch.setAttribute("aria-pressed", String(isOn));
  });
}
