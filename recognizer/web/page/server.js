// Talks with the server: its API, and the live drawing.

import { asHand } from "./hand.js";

const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const WRONG_TOKEN = 4401;

// A refusal of the server, in a sentence.
export class Refusal extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

// The token came in the address, after #, or was typed. It stays in this browser.
export const token = {
  get value() { return localStorage.getItem("token"); },
  set value(text) { localStorage.setItem("token", text); },
  take() {
    const found = new URLSearchParams(location.hash.slice(1)).get("token");
    if (!found) return;
    this.value = found;
    history.replaceState(null, "", location.pathname);
  },
};

export async function call(path, options = {}) {
  const headers = { ...options.headers };
  if (token.value) headers.Authorization = `Bearer ${token.value}`;
  let answer;
  try {
    answer = await fetch(path, { ...options, headers });
  } catch {
    throw new Refusal("The server cannot be reached. Is this device online?", 0);
  }
  const found = await answer.json().catch(() => ({ detail: "The server gave no answer." }));
  if (!answer.ok) throw new Refusal(found.detail, answer.status);
  return found;
}

export const labelSets = () => call("/api/labels");

export const handLimits = () => call("/api/hand");

export const readPicture = (file, labels) =>
  call(`/api/read?labels=${encodeURIComponent(labels)}&glyphs=true`, { method: "POST", body: file });

// A drawing under way: of every change, what is new goes to the server; one answer is awaited at a
// time, and what was drawn meanwhile goes with the next.
export class LiveDrawing {
  #socket = null;
  #sent = [];
  #hand = null; // that the server has
  #extent = null;
  #awaited = false;
  #changed = false;
  #retries = 0;
  #drawing = () => null;

  // drawing() gives {strokes, extent, labels, hand}, its strokes and hand the same objects as long as
  // they do not change; an answer has the strokes as `drawn`, and their `extent`. on has reading, trouble, lost, found and closed.
  constructor(drawing, on) {
    this.#drawing = drawing;
    this.on = on;
  }

  connect() {
    if (this.#socket) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = this.#socket = new WebSocket(`${scheme}://${location.host}/api/live`);
    socket.onopen = () => {
      this.#sent = [];
      this.#hand = null;
      this.#awaited = false;
      this.#send();
    };
    socket.onmessage = event => this.#take(JSON.parse(event.data));
    socket.onclose = event => this.#lose(event);
  }

  // The drawing changed: read it as soon as the last answer is there.
  push() {
    this.#changed = true;
    if (this.#socket?.readyState === WebSocket.OPEN && !this.#awaited) this.#send();
    else if (!this.#socket) this.connect();
  }

  #send() {
    const { strokes, extent, labels, hand } = this.#drawing();
    let keep = 0;
    while (keep < strokes.length && keep < this.#sent.length
      && this.#sent[keep].stroke === strokes[keep]
      && this.#sent[keep].length === strokes[keep].length) keep += 1;
    this.#sent = strokes.map(stroke => ({ stroke, length: stroke.length }));
    this.#extent = extent;
    this.#changed = false;
    this.#awaited = true;
    const message = { token: token.value, keep, strokes: strokes.slice(keep), extent, labels };
    if (hand !== this.#hand) message.hand = hand ?? asHand([]);
    this.#hand = hand;
    this.#socket.send(JSON.stringify({ ...message, glyphs: true, parts: true }));
  }

  #take(answer) {
    this.#awaited = false;
    if (this.#retries) this.on.found();
    this.#retries = 0;
    if (answer.detail) {
      this.#sent = [];
      this.on.trouble(answer.detail);
    } else {
      const drawn = this.#sent.map(({ stroke }) => stroke);
      this.on.reading({ ...answer, drawn, extent: this.#extent });
    }
    if (this.#changed) this.#send();
  }

  #lose(event) {
    this.#socket = null;
    if (event.code === WRONG_TOKEN) {
      this.on.closed();
      return;
    }
    const wait = RETRY_MS[Math.min(this.#retries, RETRY_MS.length - 1)];
    if (this.#retries) this.on.lost(event.reason);
    this.#retries += 1;
    setTimeout(() => this.connect(), wait);
  }
}
