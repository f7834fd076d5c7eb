// Units → Katakana by the graphs of hayakana: the encoder once, then a decoder step a Kana, until all have ended.
// Units of one length go together, so nothing is padded.

import { join, read } from "./reading.mjs";

const BOS = 1, EOS = 2;
const MOST_AT_ONCE = 128;
const KANA_OF_LETTER = 2;

/** Open a model: `ort` is onnxruntime-web, the graphs are bytes or addresses, `tables` are those of build.py. */
export async function open(ort, { encoder, decoderStep, tables }) {
  const options = { executionProviders: ["wasm"] };
  const sessions = [];
  for (const graph of [encoder, decoderStep]) sessions.push(await ort.InferenceSession.create(graph, options));
  const ids = new Map(tables.source.map((token, id) => [token, BigInt(id)]));
  return { ort, sessions, ids, tables };
}

/** Return { text } or { refused } for each of `names`, in order. Every different unit is decoded once. */
export async function transliterate(model, names) {
  const parsed = names.map((name) => read(name, model.tables));
  const open = new Set();
  for (const { units = [], katakana = [] } of parsed) {
    units.forEach((unit, place) => katakana[place] === undefined && open.add(unit));
  }
  const found = await decode(model, [...open]);
  return parsed.map(({ units, katakana, separators, refused }) => {
    if (refused) return { refused };
    const texts = units.map((unit, place) => katakana[place] ?? found.get(unit));
    return texts.includes(undefined) ? { refused: "the model did not finish it" } : { text: join(texts, separators) };
  });
}

/** Return unit → Katakana of distinct `units`; undefined for one that the model does not end. */
async function decode(model, units) {
  const byLength = new Map();
  for (const unit of units) {
    const { length } = [...unit];
    if (!byLength.has(length)) byLength.set(length, []);
    byLength.get(length).push(unit);
  }
  const found = new Map();
  for (const ofLength of byLength.values()) {
    for (let start = 0; start < ofLength.length; start += MOST_AT_ONCE) {
      const some = ofLength.slice(start, start + MOST_AT_ONCE);
      (await decodeBatch(model, some)).forEach((text, place) => found.set(some[place], text));
    }
  }
  return found;
}

async function decodeBatch({ ort, sessions: [encoder, step], ids, tables }, units) {
  const rows = units.length, length = [...units[0]].length, most = Math.min(tables.longest, KANA_OF_LETTER * length + 1);
  const source = BigInt64Array.from(units.flatMap((unit) => [...unit].map((letter) => ids.get(letter))));
  const encoded = await encoder.run({ source_ids: new ort.Tensor("int64", source, [rows, length]) });
  const texts = Array(rows).fill(""), ended = Array(rows).fill(false);
  let { hidden_state, cell_state, ...cached } = encoded;
  let previous_ids = new ort.Tensor("int64", new BigInt64Array(rows).fill(BigInt(BOS)), [rows]);
  for (let position = 0; position <= most && ended.includes(false); position += 1) {
    const output = await step.run({ previous_ids, hidden_state, cell_state, ...cached }, [
      "next_ids", "next_hidden_state", "next_cell_state",
    ]);
    ({ next_ids: previous_ids, next_hidden_state: hidden_state, next_cell_state: cell_state } = output);
    previous_ids.data.forEach((id, row) => {
      if (Number(id) === EOS) ended[row] = true;
      if (!ended[row]) texts[row] += tables.target[Number(id)];
    });
  }
  return texts.map((text, row) => (ended[row] && text ? text : undefined));
}
