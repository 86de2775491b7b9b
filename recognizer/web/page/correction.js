// A character is corrected by a tap on what it is; what was learned so is shown, and forgotten again.

const SIDE = 64; // of a picture of a drawing, in pixels of its canvas
const EDGE = 6; // round it

const element = id => document.getElementById(id);

export class Correction {
  #hand;
  #changed;
  #asked = null;

  // changed(sentence): something was learned or forgotten, which the sentence tells.
  constructor(hand, changed) {
    this.#hand = hand;
    this.#changed = changed;
    element("correct").addEventListener("close", () => this.#answer(element("correct").returnValue));
    element("export").addEventListener("click", () => save(hand.asText(), "my-hand.hand"));
    element("forget").addEventListener("click", () => {
      if (confirm("Forget everything that was learned from you?")) this.#tell(hand.forgetAll(), "All is forgotten.");
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.show());
    element("import").addEventListener("change", event => {
      this.#import(event.target.files[0]);
      event.target.value = "";
    });
  }

  // Asks what a character is. labels: what it may be; strokes, extent: how it was drawn.
  ask(labels, strokes, extent) {
    this.#asked = { strokes, extent };
    element("choices").replaceChildren(...labels.map(label => Object.assign(
      document.createElement("button"), { type: "submit", value: label, textContent: label })));
    drawInto(element("asked-about"), strokes.map(stroke => stroke.flat()));
    const dialog = element("correct");
    dialog.returnValue = "";
    dialog.showModal();
  }

  // Shows what was learned.
  show() {
    const { drawings, learns } = this.#hand;
    element("hand").hidden = !learns;
    element("known").textContent = drawings.length;
    element("export").disabled = element("forget").disabled = !drawings.length;
    element("drawings").replaceChildren(...drawings.map((drawing, number) => this.#tile(drawing, number)));
  }

  #tile(drawing, number) {
    const tile = Object.assign(document.createElement("button"), { type: "button" });
    tile.setAttribute("aria-label", `Forget this ${drawing.label}`);
    const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
    tile.append(canvas, drawing.label);
    tile.addEventListener("click", () =>
      this.#tell(this.#hand.forget(number), `This ${drawing.label} is forgotten.`));
    if (drawing.strokes) drawInto(canvas, drawing.strokes);
    return tile;
  }

  #answer(label) {
    const { strokes, extent } = this.#asked;
    if (label) this.#tell(this.#hand.learn(label, strokes, extent), `Your ${label} is known now.`);
  }

  async #import(file) {
    if (!file) return;
    try {
      this.#tell(this.#hand.take(await file.text()), "The hand was imported.");
    } catch (error) {
      this.#changed(error.message);
    }
  }

  #tell(isKept, sentence) {
    this.show();
    this.#changed(isKept ? sentence : `${sentence} This browser cannot keep it beyond this page.`);
  }
}

function save(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// Lines of x, y, x, y, … as large as the canvas allows.
function drawInto(canvas, lines) {
  const all = lines.flat();
  const sides = [0, 1].map(axis => all.filter((_, number) => number % 2 === axis));
  const low = sides.map(side => Math.min(...side));
  const sizes = sides.map((side, axis) => Math.max(...side) - low[axis]);
  const scale = (canvas.width - 2 * EDGE) / Math.max(...sizes, 1);
  const context = canvas.getContext("2d");
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, ...[0, 1].map(axis =>
    (canvas.width - scale * sizes[axis]) / 2 - scale * low[axis]));
  context.strokeStyle = getComputedStyle(document.body).color;
  context.lineWidth = 4 / scale;
  context.lineCap = context.lineJoin = "round";
  for (const line of lines) {
    context.beginPath();
    context.moveTo(line[0], line[1]);
    for (let at = 0; at < line.length; at += 2) context.lineTo(line[at], line[at + 1]);
    context.stroke();
  }
}
