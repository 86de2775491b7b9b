// Joins the page: the writing area, the panel, the pictures and the server.

import { Canvas } from "./canvas.js";
import { Correction } from "./correction.js";
import { Hand } from "./hand.js";
import { Panel, isUnsure } from "./panel.js";
import { LiveDrawing, handLimits, labelSets, readPicture, token } from "./server.js";

const MAX_PICTURE_BYTES = 20 * 2 ** 20;
const NAMES = { digits: "Digits", sums: "Sums", letters: "Letters" };
const element = id => document.getElementById(id);

const state = { reading: null, chosen: 0, pointed: false, labels: "digits", file: null };

const canvas = new Canvas(element("canvas"), changed, number => { if (canCorrect()) correct(number); });
const panel = new Panel(number => choose(number), canCorrect);
const hand = new Hand();
const correction = new Correction(hand, sentence => {
  element("learned").textContent = sentence;
  if (!canvas.picture) live.push();
});
const live = new LiveDrawing(
  () => ({ strokes: canvas.strokes, extent: canvas.extent, labels: state.labels, hand: hand.sent }),
  {
    reading: reading => { if (!canvas.picture) show(reading); },
    trouble: tell,
    lost: reason => tell(reason || "The server cannot be reached. What you write stays here."),
    found: () => tell(""),
    closed: askForToken,
  },
);

function changed(finished) {
  state.pointed = false;
  if (!canvas.picture) state.file = null;
  element("hint").hidden = !canvas.empty;
  element("undo").disabled = !canvas.canUndo;
  element("clear").disabled = canvas.empty;
  element("learned").textContent = "";
  if (finished && !state.file) tell("");
  if (!canvas.picture) live.push();
}

function show(reading) {
  state.reading = reading;
  const boxes = reading?.digits.map(digit => digit.box) ?? [];
  if (!state.pointed || state.chosen >= boxes.length) state.chosen = canvas.drawnLast(boxes);
  refresh();
}

function refresh() {
  const digits = state.reading?.digits ?? [];
  panel.show(state.reading, state.chosen);
  canvas.show(digits.map(digit => ({
    box: digit.box, sure: digit.sure, sign: isUnsure(digit) ? "?" : digit.label,
  })), digits.length > 1 ? state.chosen : -1);
  const title = state.reading?.words.replaceAll("\n", " ");
  document.title = title ? `${title} - Digit Sketchpad` : "Digit Sketchpad";
}

function choose(number) {
  state.chosen = number;
  state.pointed = true;
  refresh();
}

// A character of a drawing can be corrected, if the network can learn; one of a picture cannot.
function canCorrect() {
  return hand.learns && Boolean(state.reading?.drawn) && state.reading.digits.length > 0;
}

function correct(number) {
  choose(number);
  const { labels, digits, drawn, extent } = state.reading;
  correction.ask(labels, digits[number].strokes.map(stroke => drawn[stroke]), extent);
}

function tell(sentence) {
  element("trouble").textContent = sentence;
}

async function openPicture(file) {
  if (!file) return;
  if (file.size > MAX_PICTURE_BYTES) {
    tell("This picture is larger than 20 MB. Choose a smaller one.");
    return;
  }
  tell("");
  state.file = file;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (state.file !== file) return;
  canvas.showPicture({ bitmap, width: bitmap?.width ?? 1, height: bitmap?.height ?? 1 });
  show(null);
  changed(false);
  await readFile(file);
}

async function readFile(file) {
  element("place").setAttribute("aria-busy", "true");
  try {
    const reading = await readPicture(file, state.labels);
    if (state.file !== file) return;
    if (!canvas.picture.bitmap) canvas.showPicture(asLargeAs(reading));
    show(reading);
    tell(reading.digits.length ? "" : "No digits found in this picture. Take the number closer, in even light.");
  } catch (refusal) {
    if (state.file !== file) return;
    if (!canvas.picture.bitmap) canvas.undo(); // there is nothing to look at
    if (refusal.status === 401) askForToken();
    else tell(refusal.message);
  } finally {
    element("place").removeAttribute("aria-busy");
  }
}

// A picture that this browser cannot show: room for its boxes alone.
function asLargeAs(reading) {
  const boxes = reading.digits.map(digit => digit.box);
  const [width, height] = [0, 1].map(axis => Math.max(1, ...boxes.map(box => box[axis] + box[axis + 2])));
  return { bitmap: null, width, height };
}

function setLabels(name) {
  state.labels = name;
  if (state.file) readFile(state.file);
  else live.push();
}

async function begin() {
  token.take();
  registerForOffline();
  changed(false);
  try {
    const [sets, limits] = await Promise.all([labelSets(), handLimits()]);
    showModes(Object.keys(sets));
    hand.allow(limits);
    correction.show();
    if (hand.sent) live.push();
    refresh();
  } catch (refusal) {
    if (refusal.status === 401) askForToken();
    else tell(refusal.message);
  }
}

function showModes(names) {
  const place = element("modes");
  place.hidden = names.length < 2;
  for (const name of names) {
    const label = document.createElement("label");
    const choice = Object.assign(document.createElement("input"), {
      type: "radio", name: "mode", value: name, className: "spoken", checked: name === state.labels,
    });
    choice.addEventListener("change", () => setLabels(name));
    label.append(choice, NAMES[name] ?? name);
    place.append(label);
  }
}

function askForToken() {
  if (!element("ask").open) element("ask").showModal();
}

// Installing and offline need a secure context: this machine, or TLS.
function registerForOffline() {
  if (isSecureContext && "serviceWorker" in navigator) {
    navigator.serviceWorker.register("offline.js").catch(() => {});
  }
}

element("undo").addEventListener("click", () => canvas.undo());
element("clear").addEventListener("click", () => canvas.clear());
element("wrong").addEventListener("click", () => correct(state.chosen));
element("camera").hidden = !matchMedia("(pointer: coarse)").matches;
for (const id of ["file", "photo"]) {
  element(id).addEventListener("change", event => {
    openPicture(event.target.files[0]);
    event.target.value = "";
  });
}
element("token-form").addEventListener("submit", () => {
  token.value = element("token").value.trim();
  location.reload();
});
addEventListener("paste", event => openPicture(event.clipboardData?.files[0]));
addEventListener("dragover", event => {
  event.preventDefault();
  element("place").classList.add("over");
});
addEventListener("dragleave", () => element("place").classList.remove("over"));
addEventListener("drop", event => {
  event.preventDefault();
  element("place").classList.remove("over");
  openPicture(event.dataTransfer?.files[0]);
});
addEventListener("keydown", event => {
  if (event.target.matches("input[type=password]") || document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") canvas.undo();
  else if (event.key === "Delete") canvas.clear();
  else return;
  event.preventDefault();
});

begin();
