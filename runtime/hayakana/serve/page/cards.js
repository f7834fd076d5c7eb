// What became of a name, as a card: its Katakana, why, the heat map of its letters, and other spellings.
import { languageName, percent, word } from "./words.js";

const LEAST_LIT = 0.08;
const STOPS = "[data-kana], [data-letter]";
let cards = 0;

/** Return an element: `properties` are its own, `data-` and `aria-` attributes among them. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-")) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Return the card of a result. `explanation` is null until it is known; `onToggle` opens or closes the card. */
export function card(result, { explanation, note, isOpen, onToggle }) {
  cards += 1;
  const made = element("li", { className: "card", "data-status": result.status });
  const aligned = isOpen && explanation?.parts ? explanation : null;
  const details = element("div", { className: "details", id: `details-${cards}`, hidden: !isOpen });
  const mark = word(`status.${result.status}`);
  const head = element("div", { className: "head" }, nameLine(result, aligned));
  if (result.text === null) {
    head.append(problem(result, mark));
  } else {
    const toggle = element("button", {
      type: "button",
      className: "toggle quiet",
      "aria-expanded": isOpen,
      "aria-controls": details.id,
      "aria-label": word("open", { name: result.name }),
      onclick: onToggle,
    });
    const marks = element("p", { className: "marks" }, mark ? element("span", { className: "mark" }, mark[0]) : null);
    if (result.probability !== undefined && result.status !== "kept") {
      marks.append(element("span", { className: "percent" }, percent(result.probability)));
    }
    head.append(marks, toggle, katakanaLine(result.text, aligned));
  }
  made.append(head, details);
  if (isOpen && result.text !== null) fill(details, result, { aligned, note, mark });
  if (aligned) light(made, aligned);
  return made;
}

function problem(result, mark) {
  const reason = element("p", { className: "reason" }, element("span", { className: "mark" }, mark[0]), ` ${mark[1]} `);
  if (result.error) reason.append(element("span", { className: "note", lang: "en" }, result.error));
  return reason;
}

/** Return the name, its letters apart where they are those that the Katakana was written on. */
function nameLine(result, aligned) {
  const line = element("p", { className: "name", translate: false });
  if (aligned?.parts.map((part) => part.source).join("") !== result.name) line.append(result.name || "–");
  else [...result.name].forEach((letter, place) => line.append(element("span", { "data-letter": place }, letter)));
  return line;
}

/** Return the Katakana, which breaks after a separator and not elsewhere while a line has room for a part. */
function katakanaLine(text, aligned) {
  const line = element("p", { className: "katakana", lang: "ja", translate: false });
  const isAligned = aligned?.parts.map((part) => part.target).join("") === text;
  let place = 0;
  for (const part of text.split(/(?<=[・＝ ])/)) {
    const kana = isAligned ? [...part].map((letter) => element("span", { "data-kana": place++ }, letter)) : [part];
    line.append(element("span", { className: "part" }, ...kana));
  }
  return line;
}

function fill(details, result, { aligned, note, mark }) {
  if (mark) details.append(element("p", { className: "note" }, mark[1]));
  if (result.language) details.append(element("p", { className: "note" }, word("readAs", { language: languageName(result.language) })));
  if (aligned) details.append(heatMap(aligned, result.origins));
  else if (note) details.append(element("p", { className: "note" }, note));
  const others = (result.candidates ?? []).filter((candidate) => candidate.text !== result.text);
  if (others.length) details.append(spellings(result, others));
}

/** Return the spellings by probability. A search may find a text that is more probable than the result. */
function spellings(result, others) {
  const list = element("ol");
  for (const { text, probability } of [result, ...others].sort((a, b) => b.probability - a.probability)) {
    const bar = element("span", { className: "bar-of", "aria-hidden": true });
    bar.style.setProperty("--w", probability);
    const name = element(text === result.text ? "b" : "span", { lang: "ja" }, ...text.split(/(?<=[・＝])/).map((part) => element("span", { className: "part" }, part)));
    list.append(element("li", {}, name, bar, element("span", { className: "percent" }, percent(probability))));
  }
  return element("div", { className: "others" }, element("h3", {}, word("others")), list);
}

/** Return a table for each part: letters across, Kana down, and how much of a Kana was written on a letter. */
function heatMap({ parts }, origins = []) {
  // What is known whole may have one origin for all of its parts.
  const sheet = element("div", { className: "sheet" });
  const written = parts.filter((_, place) => place % 2 === 0);
  const originOf = (part) => origins[origins.length === written.length ? written.indexOf(part) : 0];
  let row = 0;
  let column = 0;
  for (const [place, part] of parts.entries()) {
    if (place % 2 === 0) sheet.append((part.whole ? whole : block)(part, { row, column, origin: originOf(part) }));
    row += [...part.target].length;
    column += [...part.source].length;
  }
  sheet.querySelector(STOPS)?.setAttribute("tabindex", 0);
  sheet.addEventListener("keydown", step);
  return sheet;
}

const originLabel = (origin) => element("span", { className: "origin" }, word(`origin.${origin}`) ?? "");

/** Return a part that was not written letter by letter: its letters above, its Kana below. */
function whole(part, { row, column, origin }) {
  const stop = (data) => (text, place) => element("span", { tabIndex: -1, [data.kind]: data.first + place }, text);
  const letters = [...part.source].map(stop({ kind: "data-letter", first: column }));
  const kana = [...part.target].map(stop({ kind: "data-kana", first: row }));
  return element("div", { className: "whole" }, element("p", {}, ...letters), element("p", { lang: "ja" }, ...kana), originLabel(origin));
}

function block(part, { row, column, origin }) {
  const [kana, letters] = [[...part.target], [...part.source]];
  const heading = (data, scope, text) => element("th", { scope, tabIndex: -1, ...data, ...(scope === "row" && { lang: "ja" }) }, text);
  const said = word("heatMap", { kana: part.target, letters: part.source });
  const table = element("table", {}, element("caption", {}, element("span", { className: "hidden" }, said), originLabel(origin)));
  const top = element("tr", {}, element("td"));
  letters.forEach((letter, place) => top.append(heading({ "data-letter": column + place }, "col", letter)));
  table.append(element("thead", {}, top));
  const body = element("tbody");
  kana.forEach((text, place) => {
    const cells = part.weights[place].map((weight, at) => cell(weight, `${text} ← ${letters[at]} ${percent(weight)}`));
    body.append(element("tr", {}, heading({ "data-kana": row + place }, "row", text), ...cells));
  });
  table.append(body);
  return table;
}

function cell(weight, title) {
  const made = element("td", { title }, element("span", { className: "hidden" }, percent(weight)));
  made.style.setProperty("--w", weight);
  return made;
}

/** Go from a letter or Kana of a heat map to the next by the arrow keys: the heat map is one stop of the Tab key. */
function step(event) {
  const stops = [...event.currentTarget.querySelectorAll(STOPS)];
  const at = stops.indexOf(event.target);
  const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key];
  if (next === undefined || !stops[next]) return;
  event.preventDefault();
  event.target.tabIndex = -1;
  stops[next].tabIndex = 0;
  stops[next].focus();
}

/** Light the letters of a Kana, and the Kana of a letter, where it is hovered or has the focus. */
function light(made, { parts }) {
  const weights = new Map();
  let row = 0;
  let column = 0;
  for (const part of parts) {
    const [kana, letters] = [[...part.target], [...part.source]];
    kana.forEach((_, y) => letters.forEach((_, x) => {
      const weight = part.whole ? 1 : part.weights[y][x];
      for (const key of [`kana ${row + y}`, `letter ${column + x}`]) {
        const about = weights.get(key) ?? [];
        about.push([key.startsWith("kana") ? `[data-letter="${column + x}"]` : `[data-kana="${row + y}"]`, weight]);
        weights.set(key, about);
      }
    }));
    row += kana.length;
    column += letters.length;
  }
  const clear = () => made.querySelectorAll(".lit").forEach((lit) => (lit.classList.remove("lit"), lit.style.removeProperty("--lit")));
  const show = ({ target }) => {
    const { kana, letter } = target.dataset;
    if (kana === undefined && letter === undefined) return;
    clear();
    const [key, own] = kana === undefined ? [`letter ${letter}`, `[data-letter="${letter}"]`] : [`kana ${kana}`, `[data-kana="${kana}"]`];
    const about = weights.get(key) ?? [];
    const most = Math.max(...about.map(([, weight]) => weight));
    for (const [selector, weight] of [[own, most], ...about]) {
      if (weight < LEAST_LIT) continue;
      for (const lit of made.querySelectorAll(selector)) {
        lit.classList.add("lit");
        lit.style.setProperty("--lit", weight / most);
      }
    }
  };
  for (const kind of ["pointerover", "focusin"]) made.addEventListener(kind, show);
  made.addEventListener("focusout", clear);
  // A finger leaves when it is lifted; what it lit stays until it lights something else.
  made.addEventListener("pointerout", ({ pointerType }) => pointerType !== "touch" && clear());
}
