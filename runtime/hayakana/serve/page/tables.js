// The part of the page for tables: a file in, the file with Katakana out, both in this page's memory.
import { element } from "./cards.js";
import { askPatiently, Refused } from "./service.js";
import { beginning, decoded, formatOf, MOST_BYTES, namesIn, TableError, withAnswers } from "./table.js";
import { number, waitText, word } from "./words.js";

const MOST_NAMES = 1000;
const BYTES_A_LETTER = 3; // of UTF-8, for a unit of UTF-16
const TRIES = 8;
const PREVIEWED = 5;
const NAMED_SO = /name|名前|氏名|名/i;

const find = (id) => document.getElementById(id);
let table = null;
let page = null;
let running = null;

/** Return the names of the next request: no more, and no more bytes, than the service takes. */
function chunk(names, start, { names: most, waiting_names: waiting, body_bytes: bytes }) {
  const end = start + Math.max(1, Math.min(MOST_NAMES, most, Math.floor(waiting / 4)));
  let room = bytes - 1000;
  let next = start;
  while (next < Math.min(end, names.length)) {
    room -= JSON.stringify(names[next]).length * BYTES_A_LETTER;
    if (room < 0 && next > start) break;
    next += 1;
  }
  return names.slice(start, next);
}

/** Answer the names of `table` that have no answer yet. A name that is too long is not sent. */
async function fillIn(table, { limits, model, language }, signal) {
  const longest = Math.min(limits.characters, Math.floor(limits.body_bytes / 8));
  while (table.answers.length < table.names.length) {
    const some = chunk(table.names, table.answers.length, limits);
    const short = some.filter((name) => [...name].length <= longest);
    const body = { names: short, model, language };
    const wait = { signal, tries: TRIES, onWait: (seconds, problem) => say(waitText(seconds, problem)) };
    const results = short.length ? (await askPatiently("v1/transliterate", body, wait)).results.values() : null;
    for (const name of some) {
      if ([...name].length > longest) table.answers.push(["", "too_long"]);
      else {
        const { text, status } = results.next().value;
        table.answers.push([text ?? "", status]);
      }
    }
    showProgress();
  }
}

async function start(event) {
  event.preventDefault();
  if (running) return;
  running = new AbortController();
  fail("");
  showState();
  showProgress();
  try {
    const settings = await page.settings();
    running.signal.throwIfAborted();
    // What was answered by another model is asked again.
    const about = JSON.stringify([settings.model, settings.language]);
    if (table.about !== about) Object.assign(table, { about, answers: [] });
    table.names = namesIn(table.text, table.format, table).map((name) => name.toWellFormed?.() ?? name);
    await fillIn(table, settings, running.signal);
    finish();
  } catch (problem) {
    const isCancelled = running.signal.aborted;
    if (!isCancelled) failBy(problem);
    say(table.names ? word("stopped", { done: number(table.answers.length), rows: number(table.names.length) }) : "");
  } finally {
    running = null;
    showState();
  }
}

function finish() {
  const pieces = withAnswers(table.text, table.format, table);
  URL.revokeObjectURL(find("download").href);
  find("download").href = URL.createObjectURL(new Blob(pieces, { type: "text/csv;charset=utf-8" }));
  find("download").download = table.file.replace(/(\.[^.]*)?$/, (suffix) => `-katakana${suffix || ".csv"}`);
  table.isDone = true;
  const counts = new Map();
  for (const [, status] of table.answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  const statuses = [...counts].map(([status, count]) => `${status} ${number(count)}`).join(", ");
  say(word("done", { rows: number(table.answers.length), statuses }));
  showPreview();
}

function failBy(problem) {
  if (problem instanceof TableError) return fail(word(problem.message, Object.fromEntries(Object.entries(problem.about).map(([key, value]) => [key, number(value)]))));
  if (!(problem instanceof Refused)) throw problem;
  if (problem.status === 401) page.onRefused(problem);
  else fail(problem.message ? word("refused", { error: problem.message }) : word("gone"));
}

function fail(text) {
  find("table-error").textContent = text;
}

function say(text) {
  find("progress-said").textContent = text;
}

/** Take a text as a table. */
export function takeText(text, file = "") {
  running?.abort();
  fail("");
  try {
    const format = formatOf(text, file);
    const { width, first } = beginning(text, format, PREVIEWED);
    table = { text, file: file || "names.csv", isPasted: !file, format, width, first, answers: [], column: 0 };
    // A single column that was pasted or typed is names from its first line on.
    find("has-header").checked = !(table.isPasted && width === 1);
    table.hasHeader = find("has-header").checked;
    if (table.hasHeader) table.column = Math.max(0, first[0].findIndex((name) => NAMED_SO.test(name)));
    table.rows = namesIn(text, format, table).length;
  } catch (problem) {
    table = null;
    failBy(problem);
  }
  say("");
  writeTable();
  if (table) find("column").focus();
}

async function takeFiles(files) {
  if (files.length > 1) return fail(word("oneFile"));
  const [file] = files;
  if (!file) return;
  try {
    if (file.size > MOST_BYTES) throw new TableError("tooLarge");
    const bytes = await file.arrayBuffer().catch(() => {
      throw new TableError("cannotRead");
    });
    takeText(decoded(new Uint8Array(bytes)), file.name);
  } catch (problem) {
    table = null;
    writeTable();
    failBy(problem);
  } finally {
    find("file").value = "";
  }
}

/** Write what is said of the table that was taken, in the language of the page. */
export function writeTable() {
  find("job").hidden = !table;
  if (!table) return;
  const name = table.isPasted ? word("pasted") : table.file;
  find("table-name").textContent = word("rows", { name, rows: number(table.rows) });
  const called = (value, place) => (table.hasHeader && value ? value : word("columnNumber", { number: number(place + 1), example: value }));
  find("column").replaceChildren(...table.first[0].map((value, place) => new Option(called(value, place), place)));
  find("column").value = table.column;
  showPreview();
  showState();
}

function showPreview() {
  const { first, hasHeader, answers, isDone, column } = table;
  const added = (place) => (hasHeader && place === 0 ? ["katakana", "status"] : isDone ? answers[place - hasHeader] : ["", ""]);
  const cell = (tag) => (text, place) => element(tag, { className: place === column ? "chosen" : "", ...(tag === "th" && { scope: "col" }) }, text);
  const rows = first.slice(0, PREVIEWED).map((values, place) => {
    const tag = hasHeader && place === 0 ? "th" : "td";
    const padded = Array.from({ length: table.width }, (_, at) => values[at] ?? "");
    return element("tr", {}, ...padded.map(cell(tag)), ...(added(place) ?? ["", ""]).map((text) => element(tag, { className: "added", lang: "ja" }, text)));
  });
  find("preview").replaceChildren(element("table", {}, ...rows));
}

function showProgress() {
  const [done, rows] = [table.answers.length, table.names?.length ?? table.rows];
  find("progress").value = rows ? done / rows : 1;
  say(word("soFar", { done: number(done), rows: number(rows) }));
}

function showState() {
  const isRunning = running !== null;
  find("start").hidden = isRunning || table.isDone === true;
  find("start").textContent = word(table.answers.length ? "goOn" : "start");
  find("cancel").hidden = find("progress").hidden = !isRunning;
  find("download").hidden = !table.isDone;
  for (const id of ["column", "has-header"]) find(id).disabled = isRunning;
}

function change() {
  Object.assign(table, { column: Number(find("column").value), hasHeader: find("has-header").checked, isDone: false, answers: [], about: null });
  fail("");
  say("");
  try {
    table.rows = namesIn(table.text, table.format, table).length;
  } catch (problem) {
    failBy(problem);
  }
  writeTable();
}

/** Listen. `settings` returns what is asked besides the names, and `onRefused` asks for a key. */
export function startTables({ settings, onRefused }) {
  page = { settings, onRefused };
  find("job").addEventListener("submit", start);
  find("cancel").addEventListener("click", () => running?.abort());
  for (const id of ["column", "has-header"]) find(id).addEventListener("change", change);
  find("file").addEventListener("change", () => takeFiles(find("file").files));
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  document.addEventListener("drop", (event) => takeFiles(event.dataTransfer.files));
  for (const kind of ["dragenter", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => document.body.classList.toggle("is-dragging", kind !== "drop" && (kind === "dragenter" || event.relatedTarget !== null)));
  }
  document.addEventListener("paste", (event) => {
    if (event.target.matches("textarea, input:not([type=file], [type=checkbox])")) return;
    const { files } = event.clipboardData;
    const text = event.clipboardData.getData("text");
    if (files.length) takeFiles(files);
    else if (text) takeText(text);
  });
}
