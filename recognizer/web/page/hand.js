// What was learned from the person who writes: corrected characters. It is kept in this browser and
// goes along with what is drawn; as a file, the window imports it and the page reads it back.

const KEPT = "hand";
const FORMAT = "digit-sketchpad hands";
const VERSION = 1;
const NAME = "My hand";
const LONGEST = 1000; // units of the longest side of a drawing that is learned

export class Hand {
  drawings = kept();
  #limits = { learns: false, drawings: 0, points: 0 };
  #sent = null;

  // limits: what the server says of hands.
  allow(limits) {
    this.#limits = limits;
    this.#keep(this.drawings);
  }

  get learns() { return this.#limits.learns; }

  // What goes along with a drawing, the same object until it changes; null if nothing was learned.
  get sent() { return this.#sent; }

  // Learns that strokes in a writing area are this character; false if the browser cannot keep it.
  learn(label, strokes, extent) { return this.#keep([...this.drawings, drawingOf(label, strokes, extent)]); }

  forget(number) { return this.#keep(this.drawings.filter((_, each) => each !== number)); }

  forgetAll() { return this.#keep([]); }

  asText() { return JSON.stringify(asHand(this.drawings)); }

  // Takes the drawings of a file, beside those that are there. Throws an Error for another file.
  take(text) {
    let found = null;
    try {
      const { format, version, hands } = JSON.parse(text);
      found = format === FORMAT && version === VERSION && hands.flatMap(hand => hand.drawings);
    } catch {
      // It is told below.
    }
    if (!found || !found.every(isDrawing)) throw new Error("This file is no hand. Choose a file .hand.");
    return this.#keep([...this.drawings, ...found]);
  }

  // The newest count, as many as the server takes.
  #keep(drawings) {
    let points = 0;
    let first = drawings.length;
    const { learns, drawings: most, points: mostPoints } = this.#limits;
    while (first > 0 && drawings.length - first < most) {
      points += pointsOf(drawings[first - 1]);
      if (points > mostPoints) break;
      first -= 1;
    }
    this.drawings = learns ? drawings.slice(first) : drawings;
    this.#sent = learns && this.drawings.length ? asHand(this.drawings) : null;
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.drawings));
      return true;
    } catch {
      return false;
    }
  }
}

export const asHand = drawings => ({ format: FORMAT, version: VERSION, hands: [{ name: NAME, drawings }] });

// Where the drawing lies does not matter, and its longest side always has as many units.
function drawingOf(label, strokes, extent) {
  const points = strokes.flat();
  const [left, top] = [0, 1].map(axis => Math.min(...points.map(point => point[axis])));
  const sides = [0, 1].map(axis => Math.max(...points.map(point => point[axis])) - [left, top][axis]);
  const scale = LONGEST / Math.max(...sides, 1e-5 * Math.max(...extent));
  return {
    label,
    extent: extent.map(side => Math.max(1, Math.round(scale * side))),
    strokes: strokes.map(stroke => stroke.flatMap(([x, y]) =>
      [Math.round(scale * (x - left)), Math.round(scale * (y - top))])),
  };
}

const pointsOf = drawing => (drawing.strokes ?? []).reduce((sum, stroke) => sum + stroke.length / 2, 0);

const isDrawing = found => typeof found?.label === "string"
  && (typeof found.picture === "string" || (Array.isArray(found.strokes) && found.strokes.length > 0
    && found.strokes.every(stroke => Array.isArray(stroke) && stroke.every(Number.isFinite))));

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT)) ?? [];
    return found.every(isDrawing) ? found : [];
  } catch {
    return [];
  }
}
