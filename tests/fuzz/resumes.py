"""The door of ``_hayakana.json``: a folder that a job has left, with another manifest in it, is gone on with."""

import functools
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from random import Random

from tests.fuzz.cases import Case
from tests.fuzz.commands import contents, run
from tests.fuzz.corpora import TINY
from tests.fuzz.mutations import mutated, mutated_json

MANIFEST = "_hayakana.json"
_INPUTS = {
    "a.csv": b"id,name\n1,Mori\n2,2Pac\n3,Kato Sato\n4,\n5,Tanaka\n",
    "b.csv": b"id,name\n6,Sato\n7,Anna\n8,Mori-Kato\n",
}
_FORMATS = ("csv", "jsonl.gz", "parquet")
_DETAILS = ([], ["--probabilities"])


def make(random: Random) -> Case:
    """Return a case of a job's folder, of a whole job or of one that was cut short."""
    options = {
        "format": random.choice(_FORMATS),
        "details": random.choice(_DETAILS),
        "parts": random.randrange(6),
        "damaged": random.choice((None, None, 0, 1)),
    }
    text = _manifest_of(_whole(options["format"], tuple(options["details"]))[MANIFEST], options["parts"])
    content = mutated_json(text, random) if random.randrange(4) else mutated(text.encode(), random)
    return Case("job", options, {MANIFEST: content})


def check(case: Case, folder: Path) -> str:
    """Check that going on ends with the same bytes as a job that nothing happened to, or with nothing lost."""
    options = case.options
    whole = _whole(options["format"], tuple(options["details"]))
    output = folder / "out"
    output.mkdir()
    there = dict(sorted((name, data) for name, data in whole.items() if name != MANIFEST)[: options["parts"]])
    if options["damaged"] is not None and len(there) > options["damaged"]:
        name = sorted(there)[options["damaged"]]
        there[name] = there[name][:-1]
    for name, data in {**there, **case.files}.items():
        (output / name).write_bytes(data)
    for name, data in _INPUTS.items():
        (folder / name).write_bytes(data)
    done = run(_arguments(folder, options["format"], options["details"], "--resume"))
    left = contents(output)
    assert {name: (folder / name).read_bytes() for name in _INPUTS} == _INPUTS, "an input was changed"
    if done.code not in (0, 3):
        for name, data in {**there, **case.files}.items():
            assert left.get(name) == data, f"{name} was lost or changed, and the job refused: {done.err}"
        assert set(left) == {*there, *case.files}, f"left over: {sorted(left)}"
        return done.outcome
    manifest = json.loads(left.pop(MANIFEST))
    assert left == {name: data for name, data in whole.items() if name != MANIFEST}, f"{sorted(left)} are other bytes"
    assert manifest["complete"] is True
    _check_parts(manifest, json.loads(whole[MANIFEST]))
    assert "8 rows" in done.err, f"the report says {done.err!r}"
    return done.outcome


def _check_parts(manifest: Mapping, whole: Mapping) -> None:
    for of_input, of_whole in zip(manifest["inputs"], whole["inputs"], strict=True):
        known = ("name", "sha256", "bytes", "rows")
        assert [[part[key] for key in known] for part in of_input["parts"]] == [
            [part[key] for key in known] for part in of_whole["parts"]
        ], "the manifest says something else of the files"


def _arguments(folder: Path, format_name: str, details: list[str], *more: str) -> list[str]:
    inputs = [str(folder / name) for name in _INPUTS]
    sizes = ["--window", "2", "--rows-per-file", "2", "--format", format_name]
    return ["batch", *inputs, str(folder / "out"), "--model", str(TINY), *sizes, *details, *more]


@functools.cache
def _whole(format_name: str, details: tuple[str, ...]) -> dict[str, bytes]:
    """Return the folder of a job that nothing happened to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for input_name, data in _INPUTS.items():
            (folder / input_name).write_bytes(data)
        done = run(_arguments(folder, format_name, list(details)))
        assert done.code == 0, done.err
        return contents(folder / "out")


def _manifest_of(whole: bytes, parts: int) -> str:
    """Return the manifest as it was when the first ``parts`` files were whole."""
    manifest = json.loads(whole)
    if parts >= sum(len(one["parts"]) for one in manifest["inputs"]):
        return whole.decode()
    for one in manifest["inputs"]:
        one["complete"] = one["complete"] and len(one["parts"]) <= parts
        one["parts"], parts = one["parts"][:parts], max(0, parts - len(one["parts"]))
    return json.dumps({**manifest, "complete": False}, indent=1)
