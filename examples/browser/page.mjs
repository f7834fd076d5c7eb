// The page: what is typed is read at once, a list at a time, in the order in which it was typed.

import * as ort from "./ort.wasm.bundle.min.mjs";
import { open, transliterate } from "./decoding.mjs";

const MOST_NAMES = 10_000;
const [names, status, results, licence] = ["names", "status", "results", "licence"].map((id) => document.getElementById(id));
let isBusy = false, isStale = false;

ort.env.wasm.numThreads = 1; // More need headers that a server of static files does not send.

async function fetched(address, as) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  return response[as]();
}

async function opened() {
  const graphs = ["encoder.onnx", "decoder_step.onnx"].map((address) => fetched(address, "arrayBuffer"));
  const [tables, ...bytes] = await Promise.all([fetched("tables.json", "json"), ...graphs]);
  const [encoder, decoderStep] = bytes.map((graph) => new Uint8Array(graph));
  licence.textContent = `Model ${tables.model}, licence ${tables.licence}.`;
  return open(ort, { encoder, decoderStep, tables });
}

function shown({ text, refused }) {
  const item = document.createElement("li");
  item.textContent = text ?? `not read here: ${refused}`;
  if (refused) [item.className, item.lang] = ["refused", "en"];
  return item;
}

async function show(model) {
  isStale = true;
  if (isBusy) return;
  isBusy = true;
  try {
    while (isStale) {
      isStale = false;
      const lines = names.value.split("\n").slice(0, MOST_NAMES);
      const start = performance.now();
      const found = await transliterate(model, lines);
      results.replaceChildren(...found.map(shown));
      const texts = found.filter(({ text }) => text !== undefined).length;
      const cut = names.value.split("\n").length > MOST_NAMES ? ` Only the first ${MOST_NAMES.toLocaleString("en")} lines are read.` : "";
      status.textContent = `${texts} of ${lines.length} read in ${Math.round(performance.now() - start)} ms.${cut}`;
    }
  } catch (error) {
    status.textContent = `That failed: ${error.message}. Reload the page.`;
  } finally {
    isBusy = false;
  }
}

opened().then(
  (model) => {
    names.addEventListener("input", () => show(model));
    show(model);
  },
  (error) => {
    status.textContent = `The model could not be loaded (${error.message}). Serve this folder by HTTP; files alone do not do.`;
  },
);
