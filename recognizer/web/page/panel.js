// What was read, in words, and of one character all that the network said.

const SPOKEN_MS = 700; // of quiet, before a screen reader says what was read
const element = id => document.getElementById(id);

const percent = share => `${Math.min(Math.round(100 * share), 99)} %`;
const small = share => (share < 0.005 ? "0 %" : percent(share));

export const isUnsure = digit => digit.words === "?";

export class Panel {
  #choose;
  #correct;
  #timer = 0;

  // choose(number): a character was chosen. canCorrect(): whether it can be corrected.
  constructor(choose, canCorrect) {
    this.#choose = choose;
    this.#correct = canCorrect;
  }

  show(reading, chosen) {
    const digits = reading?.digits ?? [];
    const words = element("words");
    words.textContent = reading?.words ?? "";
    words.classList.toggle("unsure", digits.length > 0 && !reading.sure);
    element("note").textContent = note(reading);
    this.#showCharacters(digits, chosen);
    element("character").hidden = !digits.length;
    element("wrong").hidden = !this.#correct();
    if (digits.length) showCharacter(reading, digits[chosen]);
    this.#speak(reading);
  }

  #showCharacters(digits, chosen) {
    const place = element("characters");
    place.hidden = digits.length < 2;
    while (place.children.length > digits.length) place.lastChild.remove();
    while (place.children.length < digits.length) place.append(this.#button(place.children.length));
    digits.forEach((digit, number) => {
      const button = place.children[number];
      const [sign, share] = button.children;
      sign.textContent = isUnsure(digit) ? "?" : digit.label;
      share.textContent = percent(digit.confidence);
      button.classList.toggle("unsure", !digit.sure);
      button.setAttribute("aria-pressed", number === chosen);
    });
  }

  #button(number) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(document.createElement("b"), document.createElement("small"));
    button.addEventListener("click", () => this.#choose(number));
    return button;
  }

  #speak(reading) {
    clearTimeout(this.#timer);
    const text = reading?.words ? `Read: ${reading.words}` : "";
    this.#timer = setTimeout(() => { element("spoken").textContent = text; }, SPOKEN_MS);
  }
}

function note(reading) {
  if (!reading?.digits.length) return "";
  if (reading.partial) return "Read in part: it holds more than 2,000 characters or 200 lines.";
  if (reading.note) return `No result: ${reading.note}.`;
  const unsure = reading.digits.filter(digit => !digit.sure).length;
  const sure = `${percent(reading.confidence)} sure of all of it`;
  return unsure > 1 ? `${sure}; ${unsure} characters are unsure` : sure;
}

function showCharacter(reading, digit) {
  const told = digit.candidates.map(([label, share]) => `${label} (${percent(share)})`);
  element("about").textContent = isUnsure(digit)
    ? `Not sure${told.length ? `: perhaps ${told.join(" or ")}` : ""}`
    : `${digit.words} (${percent(digit.confidence)})`;
  if (digit.glyph) showGlyph(digit.glyph);
  showBars(reading.labels, digit);
}

function showGlyph(text) {
  const context = element("glyph").getContext("2d");
  const picture = context.createImageData(28, 28);
  Array.from(atob(text), each => each.charCodeAt(0)).forEach((value, pixel) => {
    picture.data.set([value, value, value, 255], 4 * pixel);
  });
  context.putImageData(picture, 0, 0);
}

function showBars(labels, digit) {
  const inside = 1 - digit.other;
  const rows = labels.map((label, number) => [label, digit.probabilities[number] * inside]);
  rows.push(["none of these", digit.other]);
  const place = element("bars");
  if (place.children.length !== rows.length) {
    place.replaceChildren(...rows.map(row));
  }
  rows.forEach(([label, share], number) => {
    const [name, bar, told] = place.children[number].children;
    name.textContent = label;
    bar.firstChild.setAttribute("aria-label", label);
    bar.firstChild.setAttribute("aria-valuenow", Math.round(100 * share));
    bar.firstChild.firstChild.style.width = `${100 * share}%`;
    told.textContent = small(share);
    place.children[number].classList.toggle("best", label === digit.label);
  });
}

function row() {
  const line = document.createElement("tr");
  const name = document.createElement("th");
  name.scope = "row";
  const bar = document.createElement("td");
  const meter = document.createElement("div"); // browsers do not agree on how <meter> is styled
  meter.setAttribute("role", "meter");
  meter.append(document.createElement("i"));
  bar.append(meter);
  line.append(name, bar, document.createElement("td"));
  return line;
}
