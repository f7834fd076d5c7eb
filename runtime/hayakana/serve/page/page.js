"use strict";
// Katakana as you type: one request at a time, the newest text next.
const names = document.getElementById("names");
const katakana = document.getElementById("katakana");
let isAsking = false;
let asked = null;

async function ask() {
  if (isAsking || names.value === asked) return;
  isAsking = true;
  asked = names.value;
  const lines = asked.split("\n");
  try {
    const response = await fetch("v1/transliterate", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ names: lines }),
    });
    const body = await response.json();
    katakana.textContent = response.ok
      ? body.results.map((result) => result.text ?? "").join("\n")
      : body.error;
  } catch (error) {
    katakana.textContent = `The service does not answer: ${error.message}`;
  }
  isAsking = false;
  ask();
}

names.addEventListener("input", ask);
ask();
