// node names.mjs SITE < names.json: what the page of a folder that build.py wrote says of each name, as JSON.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const site = (name) => new URL(name, `${pathToFileURL(process.argv[2]).href}/`);
const ort = await import(site("ort.wasm.bundle.min.mjs"));
const { open, transliterate } = await import(site("decoding.mjs"));
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmBinary = readFileSync(site("ort-wasm-simd-threaded.wasm"));
const [encoder, decoderStep] = ["encoder.onnx", "decoder_step.onnx"].map((name) => new Uint8Array(readFileSync(site(name))));
const tables = JSON.parse(readFileSync(site("tables.json"), "utf-8"));
const model = await open(ort, { encoder, decoderStep, tables });
console.log(JSON.stringify(await transliterate(model, JSON.parse(readFileSync(0, "utf-8")))));
