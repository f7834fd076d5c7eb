// The page: names as they are typed, answered in order. tables.js has the part for files.
import { card } from "./cards.js";
import { askPatiently, pause, Refused, useKey } from "./service.js";
import { startTables, takeText, writeTable } from "./tables.js";
import { language, languageName, number, switchLanguage, waitText, word, writeWords } from "./words.js";

const MOST_SHOWN = 200;
const MOST_OPEN = 3;
const CANDIDATES = 5;
const MOST_KEPT = 5000;
const DELAY_S = 0.12;

const find = (id) => document.getElementById(id);
const [names, cards, error] = ["names", "cards", "error"].map(find);
const results = new Map();
const explanations = new Map();
const toggled = new Map();
let info = null;
let opening = null;
let isAllOpen = false;
let asking = new AbortController();

/** Return what is asked besides the names. */
function choices() {
  return { model: find("model").value || info.default_model, language: find("language").value || null };
}

function typed() {
  const lines = names.value.split(/\r\n|\r|\n/).map((line) => (line.toWellFormed?.() ?? line).trim());
  return lines.filter(Boolean);
}

const shown = () => typed().slice(0, Math.min(MOST_SHOWN, info.limits.names));
const keyOf = (name) => JSON.stringify([find("model").value, find("language").value, name]);
const isOpen = (name, all) => toggled.get(name) ?? (isAllOpen || all.length <= MOST_OPEN);
const explains = () => info.models.find(({ name }) => name === choices().model).explains;

/** Ask for what is not known yet, and show it. Whatever was asked before and is not answered is dropped. */
async function answer() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    await pause(DELAY_S, signal);
    await open();
    if (signal.aborted) return;
    const all = shown();
    await Promise.all([transliterate(all, signal), explain(all.filter((name) => isOpen(name, all)), signal)]);
    if (signal.aborted) return;
    error.textContent = "";
    show(all);
  } catch (problem) {
    if (signal.aborted) return;
    tell(problem);
  }
}

/** Ask once what serves here, and offer its choices. */
function open() {
  opening ??= askPatiently("info", null, { onWait: tellWait }).then(offer);
  opening.catch(() => (opening = null));
  return opening;
}

function offer(answered) {
  info = answered;
  error.textContent = "";
  find("key-form").hidden = true;
  choose("model", info.models.map(({ name }) => [name, name]));
  find("model-choice").hidden = info.models.length < 2;
  find("language-choice").hidden = !info.models.some((model) => model.languages.length);
  write();
}

function choose(id, options) {
  const { value } = find(id);
  find(id).replaceChildren(...options.map(([code, text]) => new Option(text, code)));
  if (options.some(([code]) => code === value)) find(id).value = value;
}

async function transliterate(all, signal) {
  const { characters, candidates } = info.limits;
  if (results.size > MOST_KEPT) results.clear();
  const fresh = [...new Set(all)].filter((name) => !results.has(keyOf(name)));
  const isLong = (name) => [...name].length > characters;
  for (const name of fresh.filter(isLong)) results.set(keyOf(name), { name, text: null, status: "too_long" });
  const asked = fresh.filter((name) => !isLong(name));
  if (!asked.length) return;
  const keys = asked.map(keyOf);
  const body = { ...choices(), names: asked, probabilities: true, candidates: Math.min(CANDIDATES, candidates) };
  const answered = await askPatiently("v1/transliterate", body, { signal, onWait: tellWait });
  answered.results.forEach((result, place) => results.set(keys[place], result));
}

async function explain(all, signal) {
  const { explained_names: most, explained_characters: characters } = info.limits;
  if (explanations.size > MOST_KEPT) explanations.clear();
  const asked = [...new Set(all)].filter((name) => !explanations.has(keyOf(name)) && [...name].length <= characters);
  if (!explains()) return;
  for (let start = 0; start < asked.length; start += most) {
    const some = asked.slice(start, start + most);
    const keys = some.map(keyOf);
    const answered = await askPatiently("v1/explain", { ...choices(), names: some }, { signal, onWait: tellWait });
    answered.results.forEach((result, place) => explanations.set(keys[place], result));
  }
}

function show(all) {
  const known = all.map((name) => results.get(keyOf(name)));
  if (known.includes(undefined)) return;
  cards.replaceChildren(...known.map((result) => shownCard(result, all)));
  const unsure = known.filter(({ status }) => status === "unsure").length;
  const without = known.filter(({ text }) => text === null).length;
  const count = word("count", { names: number(all.length), unsure: unsure && number(unsure), without: without && number(without) });
  find("count").textContent = all.length ? count : "";
  find("copy").hidden = !all.length || !navigator.clipboard;
  find("open-all").hidden = all.length <= MOST_OPEN;
  find("open-all").textContent = word(isAllOpen ? "closeAll" : "openAll");
  showNote();
}

function shownCard(result, all) {
  const { name } = result;
  const explanation = explanations.get(keyOf(name)) ?? null;
  const isTooLong = [...name].length > info.limits.explained_characters;
  return card(result, {
    explanation,
    note: explains() ? isTooLong && word("noHeatMap") : word("noAttention"),
    isOpen: isOpen(name, all),
    onToggle: async () => {
      const place = shown().indexOf(name);
      toggled.set(name, !isOpen(name, all));
      await answer();
      cards.children[place]?.querySelector(".toggle")?.focus();
    },
  });
}

/** Offer the table where the names are more than are shown, or have several columns. */
function showNote() {
  const all = typed();
  const isMore = info && all.length > shown().length;
  const isTable = names.value.includes("\t");
  find("as-table-note").hidden = !(isMore || isTable);
  const said = isMore ? word("tooMany", { shown: number(shown().length), names: number(all.length) }) : word("looksLikeTable");
  find("as-table-note").querySelector("span").textContent = said;
}

function tell(problem) {
  if (!(problem instanceof Refused)) throw problem;
  if (problem.status !== 401) return void (error.textContent = word("refused", { error: problem.message }));
  opening = null;
  find("key-error").textContent = find("key").value ? word("wrongKey") : "";
  find("key-form").hidden = false;
  find("key").focus();
}

function tellWait(seconds, problem) {
  error.textContent = waitText(seconds, problem);
}

/** Write all that is said, in the language that is chosen. */
function write() {
  writeWords();
  const button = find("switch");
  button.textContent = word("other");
  button.lang = language === "en" ? "ja" : "en";
  writeTable();
  if (!info) return;
  const codes = [...new Set(info.models.flatMap((model) => model.languages))];
  const named = codes.map((code) => [code, languageName(code)]).sort(([, a], [, b]) => a.localeCompare(b, language));
  choose("language", [["", word("notSaid")], ...named]);
  const { name, licence } = info.models.find((model) => model.name === choices().model);
  find("about").textContent = word("about", { version: info.version, model: name, licence, style: info.style.join(", ") });
}

async function copy() {
  const texts = shown().map((name) => results.get(keyOf(name))?.text ?? "");
  await navigator.clipboard.writeText(texts.join("\n"));
  find("copy").textContent = word("copied");
  await pause(2);
  find("copy").textContent = word("copy");
}

names.addEventListener("input", answer);
for (const id of ["model", "language"]) {
  find(id).addEventListener("change", () => (write(), answer()));
}
find("switch").addEventListener("click", () => (switchLanguage(), write(), answer()));
find("copy").addEventListener("click", copy);
find("as-table").addEventListener("click", () => takeText(names.value));
find("open-all").addEventListener("click", () => {
  isAllOpen = !isAllOpen;
  toggled.clear();
  answer();
});
find("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  useKey(find("key").value);
  answer();
});
startTables({ settings: async () => (await open(), { limits: info.limits, ...choices() }), onRefused: tell });
write();
answer();
