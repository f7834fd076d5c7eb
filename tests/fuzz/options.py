"""The door of the command line: options, values and paths as they should not be."""

import os
from pathlib import Path
from random import Random

from tests.fuzz import texts
from tests.fuzz.cases import Case
from tests.fuzz.commands import contents, run
from tests.fuzz.corpora import TINY

_FILES = {
    "in.csv": b"id,name\n1,Mori\n2,2Pac\n",
    "in.jsonl": b'{"name": "Mori"}\n',
    "in.txt": b"Mori\n\n2Pac\n",
    "lexicon.tsv": b"2Pac\t\xe3\x83\x84\n",
    "broken.csv": b'name\n"',
    "empty": b"",
}
_COMMANDS = ("transliterate", "batch", "batch", "batch", "explain", "info", "", "--version", "--help", "x")
_VALUED = (
    *(
        "--model",
        "--device",
        "--separator",
        "--hyphen",
        "--lexicon",
        "--n-best",
        "--least-probability",
        "--numerals",
        "--digits",
        "--disambiguators",
        "--order",
        "--style",
        "--report",
        "--window",
        "--column",
    ),
    *("--rows-per-file", "--select", "--output-column", "--status-column", "--on-error", "--input-format", "--format"),
    *(
        "--encoding",
        "--output-encoding",
        "--delimiter",
        "--quote",
        "--compression",
        "-o",
        "--missing",
        "--on-broken-row",
    ),
)
_FLAGS = ("--resume", "--overwrite", "--strict", "--probabilities", "--help", "--", "-q", "--no-names", "--no-header")
_VALUES = (
    *("words", "figures", "read", "drop", "refuse", "given_first"),
    *("", "0", "1", "2", "-1", "1e3", "1" * 30, "1" * 5_000, "²", "x", "null", "keep", "empty", "fail", "cpu", "cuda"),
    *(
        "name",
        "id",
        "katakana",
        "status",
        "csv",
        "jsonl.gz",
        "parquet",
        "xlsx",
        "csv.xz",
        "utf-8",
        "utf-16",
        "hex",
        "idna",
    ),
    *(
        "punycode",
        "unicode_escape",
        "undefined",
        "rot13",
        "mbcs",
        "none",
        "zstd",
        ",",
        "\t",
        "\n",
        '"',
        "é",
        "ab",
        "\udcff",
    ),
    *(
        "・",
        "a\nb",
        "\x1b[31m",
        "default",
        "tiny",
        str(TINY),
        "in.csv",
        "out.csv",
        "out",
        "out.txt",
        "report.json",
        "-",
        ".",
    ),
    *(
        "in.*",
        "**",
        "[",
        "lexicon.tsv",
        "broken.csv",
        "empty",
        "nothing",
        "nothing/x.csv",
        "in.csv/x",
        "a" * 300,
        "x.png",
    ),
)


def make(random: Random) -> Case:
    """Return a case of arguments and standard input."""
    command = random.choice(_COMMANDS)
    arguments = [command] if command else []
    for _ in range(random.choice((0, 1, 2, 3, 6))):
        arguments += _argument(command, random)
    if command == "batch" and random.randrange(4):
        arguments[1:1] = [random.choice(("in.csv", "in.jsonl", "in.txt", "-", "in.*"))]
        arguments.append(random.choice(("out.csv", "out", "out.parquet", "out.jsonl.zst", "in.csv", "-", ".")))
    given = "\n".join(texts.name(random) for _ in range(random.randrange(5))).encode("utf-8", "surrogatepass")
    return Case("options", {"arguments": arguments}, {"standard input": random.choice((b"", given, _FILES["in.csv"]))})


def _argument(command: str, random: Random) -> list[str]:
    kind = random.randrange(8)
    if kind < 4:
        option, value = random.choice(_VALUED), random.choice(_VALUES)
        return [f"{option}={value}"] if random.randrange(2) else [option, value]
    if kind == 4:
        return [random.choice(_FLAGS)]
    if kind == 5:
        return ["--model", str(TINY)]
    return [texts.name(random) if command in ("transliterate", "explain") else random.choice(_VALUES)]


def check(case: Case, folder: Path) -> str:
    """Run the command where the files are: it does what it should or says what it cannot, and changes no input."""
    for name, data in _FILES.items():
        (folder / name).write_bytes(data)
    # Arguments of a process are bytes without a null.
    given = [argument.encode("utf-8", "surrogatepass").replace(b"\0", b"") for argument in case.options["arguments"]]
    arguments = list(map(os.fsdecode, given))
    before = Path.cwd()
    os.chdir(folder)
    try:
        done = run(arguments, standard_input=case.files["standard input"])
    finally:
        os.chdir(before)
    found = contents(folder)
    if not {"--overwrite", "--report"} & set(arguments) and not any("--report=" in one for one in arguments):
        assert {name: found.get(name) for name in _FILES} == _FILES, "an input was changed"
    assert not [name for name in found if ".hayakana-" in name], f"left over: {sorted(found)}"
    return done.outcome
