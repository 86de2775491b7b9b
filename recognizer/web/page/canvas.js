// The writing area: strokes as the pen makes them, or a picture, with the boxes of what was read.

const WIDTH = 800; // units across, whatever the size on the screen
const PEN = 14; // its width in units
const KEY_STEP = 20; // units
const MARGIN = 20; // units that stay free below a drawing that is higher than the paper
const KEPT = "drawing";
const SETTLED_MS = 1000; // since the pen last moved; before, a tap on an answer may be the dot of an i
const MIN_TAPPED = 32; // pixels, of an answer that can be tapped

const KEYS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

export class Canvas {
  strokes = [];
  picture = null; // {bitmap, width, height}
  #canvas;
  #changed;
  #tapped;
  #signs = []; // where the answers stand, in pixels of the screen
  #lifted = 0; // when the pen was
  #pointer = null;
  #cursor = null; // where the pen of the keys is
  #penDown = false;
  #boxes = [];
  #chosen = -1;
  #scale = 1;
  #undone = null;

  // changed(finished): after every change; finished tells whether the pen was lifted.
  // tapped(number): the answer above a character was.
  constructor(canvas, changed, tapped) {
    this.#canvas = canvas;
    this.#changed = changed;
    this.#tapped = tapped;
    this.strokes = kept();
    canvas.addEventListener("pointerdown", event => this.#down(event));
    canvas.addEventListener("pointermove", event => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, event => this.#up(event));
    }
    canvas.addEventListener("keydown", event => this.#key(event));
    canvas.addEventListener("blur", () => this.#leave());
    new ResizeObserver(() => this.#fit()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  get empty() { return !this.strokes.length && !this.picture; }

  get canUndo() { return !this.empty || this.#undone !== null; }

  get extent() {
    const { clientWidth, clientHeight } = this.#canvas;
    return [WIDTH, Math.max(1, Math.round(WIDTH * clientHeight / Math.max(clientWidth, 1)))];
  }

  show(boxes, chosen) {
    this.#boxes = boxes;
    this.#chosen = chosen;
    this.draw();
  }

  showPicture(picture) {
    this.picture = picture;
    this.#boxes = [];
    this.draw();
  }

  // Puts the picture away, brings back what was cleared, or takes the last stroke back.
  undo() {
    if (this.picture) this.picture = null;
    else if (this.strokes.length) this.strokes = this.strokes.slice(0, -1);
    else if (this.#undone) [this.strokes, this.#undone] = [this.#undone, null];
    this.#end();
  }

  clear() {
    if (this.picture) this.picture = null;
    else if (this.strokes.length) [this.#undone, this.strokes] = [this.strokes, []];
    this.#end();
  }

  // The character that holds the last stroke: its number among the boxes.
  drawnLast(boxes) {
    const last = this.strokes.at(-1);
    if (!last || this.picture) return 0;
    const middle = [0, 1].map(axis => last.reduce((sum, point) => sum + point[axis], 0) / last.length);
    const holding = boxes
      .map(([x, y, width, height], number) => ({ area: width * height, number, inside:
        x - PEN <= middle[0] && middle[0] <= x + width + PEN
        && y - PEN <= middle[1] && middle[1] <= y + height + PEN }))
      .filter(box => box.inside)
      .sort((one, other) => one.area - other.area);
    return holding.length ? holding[0].number : boxes.length - 1;
  }

  #down(event) {
    if (this.picture || this.#pointer !== null || event.button > 0) return;
    const sign = this.#signAt(event);
    if (sign >= 0) {
      event.preventDefault();
      this.#tapped(sign);
      return;
    }
    this.#pointer = event.pointerId;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#undone = null;
    this.strokes = [...this.strokes, [this.#at(event)]];
    this.#end(false);
  }

  #move(event) {
    if (this.#pointer === null) this.#canvas.classList.toggle("answer", this.#signAt(event) >= 0);
    if (event.pointerId !== this.#pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.#extend(this.#at(each));
    this.#end(false);
  }

  #up(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.#lifted = event.timeStamp;
    this.#end();
  }

  // The number of the answer that is pointed at, -1 for none.
  #signAt(event) {
    if (this.picture || event.timeStamp - this.#lifted < SETTLED_MS) return -1;
    const box = this.#canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    return this.#signs.findIndex(sign =>
      Math.abs(x - sign.x) <= sign.reach && Math.abs(y - sign.y) <= MIN_TAPPED / 2);
  }

  #extend(point) {
    const last = this.strokes.at(-1);
    const [x, y] = last.at(-1);
    if (x !== point[0] || y !== point[1]) last.push(point);
  }

  #at(event) {
    const box = this.#canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top].map(side => tenths(side / this.#scale));
  }

  #key(event) {
    const step = KEYS[event.key];
    if (event.key === " " && !event.repeat) this.#press();
    else if (step && !event.ctrlKey && !event.altKey && !event.metaKey) this.#go(step);
    else return;
    event.preventDefault();
  }

  #press() {
    if (this.picture) return;
    this.#cursor ??= this.extent.map(side => side / 2);
    this.#penDown = !this.#penDown;
    if (this.#penDown) {
      this.#undone = null;
      this.strokes = [...this.strokes, [[...this.#cursor]]];
    }
    this.#end(!this.#penDown);
  }

  #go([right, down]) {
    const extent = this.extent;
    this.#cursor ??= extent.map(side => side / 2);
    this.#cursor = [right, down].map((step, axis) =>
      tenths(Math.min(Math.max(this.#cursor[axis] + KEY_STEP * step, 0), extent[axis])));
    if (this.#penDown) this.#extend([...this.#cursor]);
    if (this.#penDown) this.#end(false);
    else this.draw();
  }

  #leave() {
    if (this.#penDown) this.#press();
    this.#cursor = null;
    this.draw();
  }

  #end(finished = true) {
    if (finished) keep(this.strokes);
    this.draw();
    this.#changed(finished);
  }

  #fit() {
    const { clientWidth, clientHeight } = this.#canvas;
    const dense = devicePixelRatio || 1;
    this.#canvas.width = Math.round(clientWidth * dense);
    this.#canvas.height = Math.round(clientHeight * dense);
    const lowest = Math.max(0, ...this.strokes.flat().map(point => point[1]));
    this.#scale = Math.min(clientWidth / WIDTH, clientHeight / Math.max(lowest + MARGIN, 1));
    this.draw();
  }

  draw() {
    const context = this.#canvas.getContext("2d");
    const style = getComputedStyle(this.#canvas);
    const colour = name => style.getPropertyValue(name);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    const dense = this.#canvas.width / Math.max(this.#canvas.clientWidth, 1);
    let scale = this.#scale;
    if (this.picture) scale = this.#drawPicture(context, dense);
    else this.#drawStrokes(context, dense * scale, colour("--ink"));
    const [sure, unsure] = [colour("--sure"), colour("--unsure")];
    this.#signs = [];
    this.#boxes.forEach((each, number) => {
      context.strokeStyle = context.fillStyle = each.sure ? sure : unsure;
      context.lineWidth = (number === this.#chosen ? 3 : 1.5) / scale;
      context.setLineDash(each.sure ? [] : [6 / scale, 4 / scale]);
      const [x, y, width, height] = around(each.box, 6 / scale);
      context.strokeRect(x, y, width, height);
      context.font = `600 ${16 / scale}px system-ui, sans-serif`;
      const bottom = y > 20 / scale ? y - 5 / scale : y + height + 17 / scale;
      context.fillText(each.sign, x, bottom);
      const middle = context.measureText(each.sign).width / 2;
      this.#signs.push({
        x: scale * (x + middle), y: scale * bottom - 6, reach: Math.max(scale * middle, MIN_TAPPED / 2),
      });
    });
    context.setLineDash([]);
    if (this.#cursor && !this.picture) this.#drawCursor(context, sure);
  }

  #drawPicture(context, dense) {
    const { bitmap, width, height } = this.picture;
    const { clientWidth, clientHeight } = this.#canvas;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    context.setTransform(dense * scale, 0, 0, dense * scale,
      dense * (clientWidth - scale * width) / 2, dense * (clientHeight - scale * height) / 2);
    if (bitmap) context.drawImage(bitmap, 0, 0, width, height);
    return scale;
  }

  #drawStrokes(context, scale, ink) {
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.strokeStyle = ink;
    context.lineWidth = PEN;
    context.lineCap = context.lineJoin = "round";
    for (const [first, ...others] of this.strokes) {
      context.beginPath();
      context.moveTo(...first);
      for (const point of others.length ? others : [first]) context.lineTo(...point);
      context.stroke();
    }
  }

  #drawCursor(context, colour) {
    context.beginPath();
    context.arc(...this.#cursor, PEN, 0, 2 * Math.PI);
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = 3;
    if (this.#penDown) context.fill();
    context.stroke();
  }
}

const tenths = value => Math.round(10 * value) / 10;

const around = ([x, y, width, height], by) => [x - by, y - by, width + 2 * by, height + 2 * by];

// What was drawn comes back after a reload, from this browser alone.
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT)) ?? [];
    return found.every(stroke => stroke.length && stroke.every(point => point.length === 2)) ? found : [];
  } catch {
    return [];
  }
}

function keep(strokes) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(strokes));
  } catch {
    // A full or closed store only means that a reload begins anew.
  }
}
