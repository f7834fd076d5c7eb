// A name → its parts, as hayakana reads plain names (docs/names.md, rules 2, 4, 5, 10 and 14), or why it is not read
// here. What needs judgement is refused: no rule is guessed at. All letters and words are in `tables`, which build.py
// writes by the functions of hayakana itself.

const SPACE = "・", HYPHEN = "＝";
const MOST_CHARACTERS = 1000;

/** Return { units, katakana, separators } of `name`, or { refused } with the reason. */
export function read(name, tables) {
  if (name.length > MOST_CHARACTERS) return { refused: "it is longer than 1,000 characters" };
  const text = name.normalize("NFC").trim().replace(/ {2,}/g, " ");
  if (!text) return { refused: "there is no letter in it" };
  const pieces = text.split(/([ -])/);
  const parts = pieces.filter((_, place) => place % 2 === 0);
  const separators = pieces.filter((_, place) => place % 2 === 1).map((sign) => (sign === " " ? SPACE : HYPHEN));
  const units = [];
  for (const part of parts) {
    const { unit, refused } = readPart(part, tables);
    if (refused) return { refused };
    units.push(unit);
  }
  if (units.length > 1 && units.some((unit) => tables.anchors.includes(unit))) {
    return { refused: "it may be Korean, Chinese or Japanese, which go by rules that are not here" };
  }
  return { units, separators, katakana: units.map((unit) => own(tables.katakana, unit)) };
}

function readPart(part, tables) {
  let unit = "", isFirst = true, capitals = 0, letters = 0;
  const characters = [...part];
  for (const [place, character] of characters.entries()) {
    if (tables.apostrophes.includes(character)) {
      const isInside = own(tables.letters, characters[place - 1]) && own(tables.letters, characters[place + 1]);
      if (!isInside) return { refused: "an apostrophe or a quotation mark stands at the edge of a word" };
      unit += "'";
      isFirst = true;
      continue;
    }
    const letter = own(tables.letters, character);
    if (!letter) return { refused: `it holds “${character}”` };
    const isCapital = tables.capitals.includes(character);
    if (isCapital && !isFirst) return { refused: "capitals inside a word go by rules that are not here" };
    unit += letter;
    capitals += isCapital;
    letters += 1;
    isFirst = false;
  }
  if (letters < 2 || capitals === letters) return { refused: "single letters go by rules that are not here" };
  if (unit.length > tables.limit) return { refused: `a word has more than ${tables.limit} letters` };
  if (tables.refused.includes(unit)) return { refused: `“${part}” goes by rules that are not here` };
  const isSpelled = !/[aeiouy]/.test(unit.normalize("NFD"));
  if (isSpelled && !own(tables.katakana, unit)) return { refused: `“${part}” has no vowel` };
  return { unit };
}

/** Return the Katakana of a name, of the texts of its parts. */
export const join = (texts, separators) => texts.reduce((joined, text, place) => joined + separators[place - 1] + text);

const own = (table, key) => (key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined);
