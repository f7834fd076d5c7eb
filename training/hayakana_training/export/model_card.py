"""The model card: what a person should know before using a model, rendered from its run and manifest."""

from hayakana_training.model.runs import Run

_TEMPLATE = """\
# {name}

Turns {unit} in Latin letters into Katakana.
Part of [hayakana](../../README.md); load it with `Transliterator({name!r})`.

| | |
|---|---|
| licence of this model | {licence} |
| unit | {unit_key} |
| weights | {weights:,} |
| longest unit | {source_limit} characters; at most {target_limit} of Katakana |
| architecture | {architecture} |

## Data

{data} What these data are, and what is wrong with them, is in the [data sheets](../../docs/data.md).

{files}

{training_pairs:,} training pairs, {development_pairs:,} development pairs. Left out
because the model cannot hold them: {left_out}.

## Quality

Greedy decoding of the development pairs, whose names were not trained on, {which}
(`training/history.json`, `training/history.png`).{composed}

| exact match | character error rate |
|---|---|
| {exact_match:.4f} | {character_error_rate:.4f} |

A name has one reference here and often more than one good spelling, so exact match understates what is acceptable.

## Parity

ONNX against the Keras model decoded the naive way: {names:,} names, {differing} differing strings, largest logit
difference {difference:.1e} (tolerance {tolerance:g}). Reproduce it with

```
hayakana-train export --check models/{name}
```

## Limits

Most of the data are names of people in Wikidata, European and American above all. Rare names, names of other origins
and common words are guessed from their spelling, and from a hint of language or kind where the model follows it
([names](../../docs/names.md)). A probability is the product of those of the characters. It is too high or too low,
unless the card has a section "How sure it is", which `hayakana-train calibrate` adds.

## How it was made

```
{command}
```

{tools}
"""

_COMPOSED = """ One in five of them is a whole name composed from the others, and is
right only if every part of it is; `hayakana-train evaluate` measures the parts alone."""


def render_card(run: Run, values: dict, *, command: str, data: str) -> str:
    """Return the Markdown of the card for a run and its manifest ``values``."""
    config, training = run.config, values["training"]
    best, parity = values["metrics"]["development"], values["parity"]
    files = "\n".join(
        f"- `{entry['file']}`: {entry['pairs']:,} pairs used, {entry['malformed']} malformed lines and"
        f" {entry['excluded']} held-out names left out"
        for entry in training["data"]["files"]
    )
    directions = "bidirectional " if config.bidirectional else ""
    score = {"none": "no attention", "dot": "Luong dot attention", "general": "Luong general attention"}
    return _TEMPLATE.format(
        name=values["name"],
        unit_key=config.unit,
        unit="a whole name with its spaces and hyphens" if config.unit == "name" else "one part of a name",
        licence=values["licence"],
        weights=training["weights"],
        source_limit=config.source_limit,
        target_limit=config.target_limit,
        architecture=f"{directions}LSTM encoder of {config.encoder_units} units, LSTM decoder of"
        f" {config.decoder_units}, {score[config.attention]}, combination of {config.combination_units}",
        data=data,
        files=files,
        training_pairs=training["data"]["training_pairs"],
        development_pairs=training["data"]["development_pairs"],
        left_out=", ".join(f"{n} {why}" for why, n in training["data"]["left_out"].items()) or "none",
        composed=_COMPOSED if config.composed_names else "",
        which=_which(best, epochs=len(run.read_json("history.json"))),
        exact_match=best["development_exact_match"],
        character_error_rate=best["development_character_error_rate"],
        names=parity["names"],
        differing=parity["differing_strings"],
        difference=parity["largest_logit_difference"],
        tolerance=parity["logit_tolerance"],
        command=command,
        tools=", ".join(f"{tool} {version}" for tool, version in training["tools"].items()),
    )


def _which(best: dict, *, epochs: int) -> str:
    """Return which weights the record of ``history.json`` is of."""
    if (count := best.get("averaged_runs")) is not None:
        return f"with the mean weights of {count} runs"
    return f"at epoch {best['epoch']} of {epochs}"
