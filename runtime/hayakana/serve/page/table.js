// Tables as text: pure functions. What a table had stays as it was, character by character; two columns are added.

export const MOST_BYTES = 64 * 1024 * 1024;
const BOM = "\ufeff";
const DELIMITERS = [",", "\t", ";", "|"];

/** Why a table cannot be read: a key of the words of `words.js`, and what they are about. */
export class TableError extends Error {
  constructor(word, about = {}) {
    super(word);
    this.about = about;
  }
}

/** Return the text of a file, with its byte order mark. */
export function decoded(bytes) {
  if (bytes.length > MOST_BYTES) throw new TableError("tooLarge");
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) throw new TableError("isWorkbook");
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) throw new TableError("isUtf16");
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new TableError("isNotUtf8");
  }
  if (text.includes("\0")) throw new TableError("isBinary");
  return text;
}

/** Return how a text is written. As in `hayakana batch`, a .tsv has no quoting: `"` is a character. */
export function formatOf(text, fileName = "") {
  if (/\.(tsv|tab)$/i.test(fileName)) return { delimiter: "\t", quotes: false };
  const first = text.replace(/"[^"]*"/g, "").replace(/^[\ufeff\r\n]+/, "").split(/[\r\n]/, 1)[0];
  const counts = DELIMITERS.map((delimiter) => first.split(delimiter).length - 1);
  return { delimiter: DELIMITERS[counts.indexOf(Math.max(...counts))], quotes: true };
}

/** Yield the records of a text: the values, the line, and where the record and its line break begin and end. */
export function* records(text, { delimiter, quotes }) {
  let at = text.startsWith(BOM) ? 1 : 0;
  for (let line = 1; at < text.length; ) {
    const record = { values: [], line, start: at };
    for (;;) {
      const field = quotes && text[at] === '"' ? quoted(text, at, line) : plain(text, at, delimiter);
      line += field.breaks;
      record.values.push(field.value);
      at = field.end;
      if (text[at] !== delimiter) break;
      at += 1;
    }
    if (at < text.length && !"\r\n".includes(text[at])) throw new TableError("afterQuote", { line });
    record.end = at;
    at += text.startsWith("\r\n", at) ? 2 : 1;
    record.next = Math.min(at, text.length);
    line += 1;
    yield record;
  }
}

function plain(text, start, delimiter) {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return { value: text.slice(start, end), end, breaks: 0 };
}

function quoted(text, start, line) {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end < 0) throw new TableError("openQuote", { line });
    end += 1;
  } while (text[end] === '"');
  const value = text.slice(start + 1, end - 1).replaceAll('""', '"');
  return { value, end, breaks: value.match(/\r\n|\r|\n/g)?.length ?? 0 };
}

/** Whether a record is an empty line in a table of several columns. */
const isBlank = (record, width) => width > 1 && record.start === record.end;

/** Return the number of columns, and the first records, of which the first may be the names of columns. */
export function beginning(text, format, count) {
  const first = [];
  for (const record of records(text, format)) {
    if (record.start < record.end) first.push(record.values);
    if (first.length > count) break;
  }
  if (!first.length) throw new TableError("isEmpty");
  return { width: first[0].length, first };
}

/** Return the names in a column. A row with values for no column is an error; one with fewer has none for the others. */
export function namesIn(text, format, { column, hasHeader, width }) {
  const names = [];
  let isHeader = hasHeader;
  for (const record of records(text, format)) {
    if (isBlank(record, width) || (isHeader && record.start === record.end)) continue;
    if (record.values.length > width) throw new TableError("tooWide", { line: record.line, found: record.values.length, width });
    if (!isHeader) names.push(record.values[column] ?? "");
    isHeader = false;
  }
  return names;
}

/** Return the pieces of the text with two columns added: `answers` has a text and a status for each name. */
export function withAnswers(text, format, { hasHeader, width, answers }) {
  const pieces = text.startsWith(BOM) ? [BOM] : [];
  const cell = (value) => (format.quotes && /["\r\n]/.test(value) || format.quotes && value.includes(format.delimiter) ? `"${value.replaceAll('"', '""')}"` : value);
  let place = 0;
  let isHeader = hasHeader;
  for (const record of records(text, format)) {
    let added = "";
    if (!isBlank(record, width) && !(isHeader && record.start === record.end)) {
      const cells = isHeader ? ["katakana", "status"].map((name) => unused(name, record.values)) : answers[place++];
      added = format.delimiter.repeat(width - record.values.length + 1) + cells.map(cell).join(format.delimiter);
      isHeader = false;
    }
    pieces.push(text.slice(record.start, record.end), added, text.slice(record.end, record.next));
  }
  return pieces;
}

function unused(name, names) {
  let number = 1;
  const called = () => (number > 1 ? `${name}_${number}` : name);
  while (names.includes(called())) number += 1;
  return called();
}
