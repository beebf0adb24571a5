// Every outcome has a sound of its own: rising for what went well, low for what stops. Words, icon and colour say it too.
const TONES = {
  "handed-over": [[660, 0.07], [880, 0.12]],
  "taken-back": [[880, 0.07], [660, 0.12]],
  incomplete: [[660, 0.1], [440, 0.1], [440, 0.14]],
  "to-hand-over": [[880, 0.09]],
  "to-take-back": [[660, 0.09]],
  "on-shelf": [[560, 0.06]],
  "held-back": [[520, 0.12], [390, 0.16]],
  "set-aside": [[500, 0.1], [400, 0.1]],
  completed: [[520, 0.06], [660, 0.06], [880, 0.12]],
  received: [[440, 0.07], [660, 0.07], [660, 0.12]],
  elsewhere: [[440, 0.12], [520, 0.12]],
  sheet: [[740, 0.05], [740, 0.08]],
  undone: [[660, 0.06], [520, 0.06], [440, 0.1]],
  kept: [[600, 0.05], [500, 0.05]],
  stopped: [[220, 0.2], [220, 0.2], [180, 0.3]],
  refused: [[220, 0.18], [180, 0.28]],
};
const KEPT = "desk-sound";
const button = document.getElementById("sound");
let audio;

// Browsers allow sound after the first key or click.
export function play(sound) {
  if (button.getAttribute("aria-pressed") !== "true" || !navigator.userActivation?.hasBeenActive) return;
  audio ??= new AudioContext();
  let at = audio.currentTime;
  for (const [hertz, seconds] of TONES[sound] ?? []) {
    const tone = new OscillatorNode(audio, { frequency: hertz, type: "triangle" });
    const volume = new GainNode(audio, { gain: 0.25 });
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    volume.gain.setTargetAtTime(0, at + seconds, 0.02);
    tone.stop(at + seconds + 0.1);
    at += seconds + 0.03;
  }
}

const kept = (() => { try { return localStorage.getItem(KEPT); } catch { return null; } })();
if (kept === "off") button.setAttribute("aria-pressed", "false");
button.addEventListener("click", () => {
  const isOn = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(isOn));
  try { localStorage.setItem(KEPT, isOn ? "on" : "off"); } catch { /* A browser without storage forgets. */ }
  if (isOn) play("completed");
});
