"""The command line as users run it: real processes."""

import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from tests.processes import HAYAKANA, started

import hayakana
from hayakana.cli.main import main
from hayakana.system.processors import usable_processors

pytestmark = pytest.mark.slow


def run(*arguments: object, text: str = "", code: int = 0) -> tuple[str, str]:
    command = [*HAYAKANA, *map(str, arguments)]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=120)
    assert done.returncode == code, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    return done.stdout.decode(), done.stderr.decode()


def test_names_as_arguments(tiny_folder: Path) -> None:
    assert run("transliterate", "--model", tiny_folder, "Tanaka Mori", "Kato-Sato") == (
        "タナカ・モリ\nカト＝サト\n",
        "",
    )


def test_names_on_standard_input_a_line_for_a_line(tiny_folder: Path) -> None:
    out, err = run("transliterate", "--model", tiny_folder, text="Mori\n\n2Pac\n山田\nKato")
    assert out == "モリ\n\n2Pac\n山田\nカト\n"
    assert err.splitlines() == ["hayakana: line 3: cannot read '2Pac': no reading for 2 (U+0032)"]


def test_many_lines_stay_in_order(tiny_folder: Path) -> None:
    names = ["mori", "kato", "tanaka", "!", "sato"] * 20_000
    out, _ = run("transliterate", "--model", tiny_folder, text="\n".join(names) + "\n")
    assert out == "モリ\nカト\nタナカ\n!\nサト\n" * 20_000


def test_bytes_that_are_not_utf8_come_out_as_they_went_in(tiny_folder: Path) -> None:
    command = [*HAYAKANA, "transliterate", "--model", str(tiny_folder)]
    done = subprocess.run(command, input=b"mori\n\xff\xfe\n", capture_output=True, check=True, timeout=120)
    assert done.stdout == "モリ\n".encode() + b"\xff\xfe\n"
    assert b"line 2" in done.stderr


def test_a_conversation_is_answered_line_by_line(tiny_folder: Path) -> None:
    command = [*HAYAKANA, "transliterate", "--model", str(tiny_folder)]
    with started(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name, katakana in (("mori", "モリ"), ("kato", "カト")):
            process.stdin.write(f"{name}\n".encode())
            process.stdin.flush()
            assert process.stdout.readline().decode() == f"{katakana}\n"
        process.stdin.close()
        assert process.wait(30) == 0


def test_probabilities_stand_behind_the_katakana(tiny_folder: Path, tiny: hayakana.Transliterator) -> None:
    (mori,) = tiny.transliterate_detailed(["Mori"], probabilities=True)
    out, err = run("transliterate", "--model", tiny_folder, "--probabilities", text="Mori\n\n2Pac\n山田\n")
    assert out == f"モリ\t{mori.probability:.4f}\n\n2Pac\n山田\t1.0000\n"
    assert err.splitlines() == ["hayakana: line 3: cannot read '2Pac': no reading for 2 (U+0032)"]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_best_of_each_name_are_a_line(tiny_folder: Path, tiny: hayakana.Transliterator, workers: int) -> None:
    names = ["Mori", "Kato Sato", "2Pac", "山田"]
    expected = [
        "\t".join(f"{one.text}\t{one.probability:.4f}" for one in tiny.candidates(name, 2)) for name in names[:2]
    ]
    options = ["--model", tiny_folder, "--n-best", 2, "--workers", workers]
    out, _ = run("transliterate", *options, text="\n".join(names))
    assert out.splitlines() == [*expected, "2Pac", "山田\t1.0000"]
    assert all(line.count("\t") == 3 for line in out.splitlines()[:2])


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_from_a_lexicon_or_read_by_rule_is_certain(
    tiny_folder: Path, tiny: hayakana.Transliterator, tmp_path: Path, workers: int
) -> None:
    lexicon = tmp_path / "mine.tsv"
    lexicon.write_text("2Pac\tツーパック\n", encoding="utf-8")
    (mori,) = tiny.transliterate_detailed(["Mori"], probabilities=True, candidates=2)
    first, second = mori.candidates
    options = ["--model", tiny_folder, "--lexicon", lexicon, "--workers", workers]
    text = "2Pac\nIBM\n2Pac J. Mori\n3Pac\n"
    out, _ = run("transliterate", *options, "--probabilities", text=text)
    written = f"ツーパック・ジェイ・モリ\t{mori.probability:.4f}"
    assert out.splitlines() == ["ツーパック\t1.0000", "アイビーエム\t1.0000", written, "3Pac"]
    out, _ = run("transliterate", *options, "--n-best", 2, text=text)
    written = "\t".join(f"ツーパック・ジェイ・{one.text}\t{one.probability:.4f}" for one in (first, second))
    assert out.splitlines() == ["ツーパック\t1.0000", "アイビーエム\t1.0000", written, "3Pac"]


@pytest.mark.parametrize(
    "options",
    [["--n-best", "0"], ["--n-best", "x"], ["--n-best", "1001"], ["--n-best", "2", "--probabilities"]],
    ids=" ".join,
)
def test_what_cannot_be_asked_for(options: list[str]) -> None:
    assert "usage: hayakana transliterate" in run("transliterate", *options, "Mori", code=2)[1]


def test_as_many_workers_as_processors(tiny_folder: Path) -> None:
    assert run("transliterate", "--model", tiny_folder, "--workers", "auto", "Mori") == ("モリ\n", "")
    assert (
        "'some': must be a number of at least 1 and at most 1,024, or auto"
        in run("transliterate", "--workers", "some", "Mori", code=2)[1]
    )


def test_separators(tiny_folder: Path) -> None:
    out, _ = run("transliterate", "--model", tiny_folder, "--separator", " ", "--hyphen", "", "Kato-Sato Mori")
    assert out == "カトサト モリ\n"


def test_lexicons(tiny_folder: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.tsv", tmp_path / "second.csv"
    first.write_text("2Pac\tツーパック\nMori\tモーリ\n", encoding="utf-8")
    second.write_text("mori,モリー\n", encoding="utf-8")
    both = ("--model", tiny_folder, "--lexicon", first, "--lexicon", second)
    assert run("transliterate", *both, "--strict", "2Pac", "Mori Kato") == ("ツーパック\nモリー・カト\n", "")
    assert run("explain", *both, "Mori") == ("Mori → モリー: モリー ← Mori\n", "")
    names, output = tmp_path / "names.csv", tmp_path / "out.csv"
    names.write_text("name\n2Pac\nMori Kato\n", encoding="utf-8")
    _, report = run("batch", *both, "--strict", names, output)
    assert output.read_text(encoding="utf-8") == (
        "name,katakana,status\n2Pac,ツーパック,lexicon\nMori Kato,モリー・カト,ok\n"
    )
    assert "1 lexicon" in report


def test_a_wrong_lexicon_is_one_sentence(tiny_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("Mori\n", encoding="utf-8")
    _, err = run("transliterate", "--model", tiny_folder, "--lexicon", path, "Mori", code=1)
    assert err == f"hayakana: {path}: line 1: 1 column in place of 2: put one tab between a name and its Katakana\n"
    _, err = run("transliterate", "--model", tiny_folder, "--lexicon", tmp_path / "none.tsv", "Mori", code=1)
    assert err == f"hayakana: {tmp_path / 'none.tsv'}: No such file or directory\n"


def test_auto_says_what_it_got(tiny_folder: Path) -> None:
    out, err = run("transliterate", "--model", tiny_folder, "--device", "auto", "Mori")
    assert out == "モリ\n"
    assert err in ("hayakana: device cpu\n", "hayakana: device cuda\n")


def test_strict(tiny_folder: Path) -> None:
    run("transliterate", "--model", tiny_folder, "--strict", "Mori")
    run("transliterate", "--model", tiny_folder, "--strict", "2Pac", code=3)
    run("transliterate", "--model", tiny_folder, "--strict", "", code=3)
    run("transliterate", "--model", tiny_folder, "2Pac")


def test_failures_are_one_sentence() -> None:
    _, err = run("transliterate", "--model", "no-such", "Mori", code=1)
    assert err.startswith("hayakana: no model 'no-such'")
    assert err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["transliterate", "--device", "gpu"], ["batch", "one.csv"]])
def test_wrong_usage(arguments: list[str]) -> None:
    _, err = run(*arguments, code=2)
    assert "usage: hayakana" in err


@pytest.mark.parametrize(
    ("arguments", "usage", "message"),
    [
        ([], "COMMAND [OPTIONS] ...", "required: COMMAND"),
        (["Peter Parker"], "COMMAND [OPTIONS] ...", 'hayakana transliterate "Peter Parker"'),
        (["O'Brien"], "COMMAND [OPTIONS] ...", 'hayakana transliterate "O\'Brien"'),
        (["$HOME"], "COMMAND [OPTIONS] ...", "hayakana transliterate '$HOME'"),
        (["--model", "fast", "a"], "COMMAND [OPTIONS] ...", "no option --model before a command"),
        (["transliterate", "--modle", "fast", "a"], "transliterate [OPTIONS] [NAME...]", "no option --modle"),
        (["transliterate", "a", "--strict", "b"], "transliterate [OPTIONS] [NAME...]", "give options first"),
        (["transliterate", "--model"], "transliterate [OPTIONS] [NAME...]", "expected one argument"),
        (["batch"], "batch [OPTIONS] INPUT... OUTPUT", "required: INPUT, OUTPUT"),
        (["batch", "in.csv"], "batch [OPTIONS] INPUT... OUTPUT", "required: OUTPUT"),
        (["explain"], "explain [OPTIONS] NAME...", "required: NAME"),
        (["explain", "a", "-o", ""], "explain [OPTIONS] NAME...", "an empty path was given"),
        (["info", "a", "b"], "info [MODEL]", "'b'"),
        (["info", ""], "info [MODEL]", "an empty path was given"),
    ],
)
def test_wrong_use_shows_the_usage_of_that_command_shortly(arguments: list[str], usage: str, message: str) -> None:
    first, second, third = run(*arguments, code=2)[1].splitlines()
    assert first == f"usage: hayakana {usage}"
    assert second.startswith("hayakana: ")
    assert message in second
    command = usage.split()[0]
    assert third == f"try 'hayakana {command} --help'".replace(" COMMAND", "")


def test_a_path_with_a_null_character_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    """As from ``main``; no process can be given one."""
    for arguments in (["batch", "a\0.csv", "b.csv"], ["batch", "a.csv", "b\0.csv"], ["info", "a\0"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
        assert "a path cannot hold a null character" in capsys.readouterr().err


def test_a_file_that_was_read_as_a_name_is_said(tiny_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "mori.txt"
    file.write_text("Mori\n", encoding="utf-8")
    for command in ("transliterate", "explain"):
        _, err = run(command, "--model", tiny_folder, "Kato", file, code=1 if command == "explain" else 0)
        hint = err.splitlines()[0]
        assert hint.startswith(f"hayakana: {file} is a file, and was read as a name")
        assert f"hayakana batch {file} OUTPUT" in hint
        assert f"hayakana transliterate < {file}" in hint
    err = run("transliterate", "--model", tiny_folder, "--no-names", file)[1]
    assert err.startswith("hayakana: argument 1 is a file")
    assert "mori" not in err
    assert run("transliterate", "--model", tiny_folder, "-q", file)[1] == ""
    # Neither a folder nor what is too long for a file is one.
    assert "is a file" not in run("transliterate", "--model", tiny_folder, tmp_path, "mori " * 1_000)[1]


def test_quiet_and_without_names(tiny_folder: Path) -> None:
    asked = ("transliterate", "--model", tiny_folder)
    assert run(*asked, "-q", "Mori", "2Pac") == ("モリ\n2Pac\n", "")
    assert run(*asked, "--quiet", "--strict", "--device", "auto", text="2Pac\n", code=3) == ("2Pac\n", "")
    assert run(*asked, "--no-names", "Mori", "2Pac")[1] == "hayakana: argument 2: no Katakana: unreadable\n"
    _, err = run(*asked, "--no-names", text="Mori\n\n2Pac\n")
    assert err == "hayakana: line 3: no Katakana: unreadable\n"


def test_katakana_that_is_unsure_is_printed_and_said(tiny_folder: Path) -> None:
    asked = ("transliterate", "--model", tiny_folder, "--least-probability", "1", "--strict")
    out, err = run(*asked, "Mori", "山田")
    assert out == "モリ\n山田\n"
    assert re.fullmatch(r"hayakana: 'Mori' is unsure: probability 0\.\d{4}\n", err)
    out, err = run(*asked, "--probabilities", text="山田\nMori\n2Pac\n", code=3)
    assert re.fullmatch("山田\t1\\.0000\nモリ\t0\\.\\d{4}\n2Pac\n", out)
    assert re.match(r"hayakana: line 2: 'Mori' is unsure: probability 0\.\d{4}\nhayakana: line 3: cannot read", err)
    assert re.fullmatch(r"hayakana: line 1: unsure: probability 0\.\d{4}\n", run(*asked, "--no-names", text="Mori")[1])
    assert run(*asked, "-q", text="Mori\n") == ("モリ\n", "")
    assert run("transliterate", "--model", tiny_folder, "--least-probability", "0.01", "Mori") == ("モリ\n", "")


@pytest.mark.parametrize("content", ["Zq9x\n", "!\tZq9x\nZq9x\t\n", "Zq9x\tア\nZq9x\tイ\n", "Zq9x\t\x07\n"])
def test_without_names_a_wrong_lexicon_quotes_none(tiny_folder: Path, tmp_path: Path, content: str) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(content, encoding="utf-8")
    _, err = run("transliterate", "--model", tiny_folder, "--no-names", "--lexicon", path, "Mori", code=1)
    assert err.startswith(f"hayakana: {path}: line ")
    assert "Zq9x" not in err


def test_a_lexicon_is_a_regular_file_of_some_size(tiny_folder: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.tsv")
    (tmp_path / "folder.tsv").mkdir()
    (tmp_path / "device.tsv").symlink_to("/dev/zero")
    with (tmp_path / "large.tsv").open("wb") as file:
        file.truncate(20 << 30)
    for name, message in (
        ("fifo", "it is not a regular file"),
        ("folder", "it is not a regular file"),
        ("device", "it is not a regular file"),
        ("large", "134,217,728 are allowed"),
    ):
        path = tmp_path / f"{name}.tsv"
        _, err = run("transliterate", "--model", tiny_folder, "--lexicon", path, "Mori", code=1)
        assert err.startswith(f"hayakana: {path}: ")
        assert message in err


def test_a_runtime_that_cannot_be_loaded_is_not_missing(tiny_folder: Path) -> None:
    code = "import sys; sys.modules['onnxruntime.capi'] = None; from hayakana.cli.start import run; run()"
    command = [sys.executable, "-c", code, "transliterate", "--model", str(tiny_folder), "Mori"]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.startswith("hayakana: onnxruntime is installed, but cannot be loaded: import of onnx")


def test_a_numpy_that_cannot_be_loaded_is_one_sentence() -> None:
    code = "import sys; sys.modules['numpy._core'] = None; from hayakana.cli.start import run; run()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.startswith("hayakana: a package that it needs cannot be loaded: ")
    assert done.stderr.count("\n") == 1


def test_options_that_do_not_go_together() -> None:
    assert "leave them as they are" in run("transliterate", "--model", "seed", "--separator", " ", "Mori", code=2)[1]


@pytest.mark.parametrize("arguments", ["explain Mori", "info", "transliterate Mori", "--help"])
def test_any_locale_will_do(tiny_folder: Path, arguments: str) -> None:
    command, *rest = arguments.split()
    model = ["--model", str(tiny_folder)] if rest else []
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    line = [*HAYAKANA, command, *model, *rest]
    done = subprocess.run(line, env=environment, capture_output=True, check=True, timeout=120)
    assert done.stderr == b""
    done.stdout.decode("utf-8")


def test_without_onnxruntime_it_says_what_to_install(tiny_folder: Path) -> None:
    code = "import sys; sys.modules['onnxruntime'] = None; from hayakana.cli.main import run; run()"
    command = [sys.executable, "-c", code, "transliterate", "--model", str(tiny_folder), "Mori"]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr == "hayakana: hayakana needs onnxruntime: pip install onnxruntime (or onnxruntime-gpu)\n"


def test_explain_in_words(tiny_folder: Path) -> None:
    assert run("explain", "--model", tiny_folder, "Mori")[0] == "Mori → モリ: モ ← Mo, リ ← ri\n"


def test_explain_as_a_picture(tiny_folder: Path, tmp_path: Path) -> None:
    run("explain", "--model", tiny_folder, "Mori", "Kato Sato", "-o", tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")
    _, err = run("explain", "--model", tiny_folder, "Mori", "-o", tmp_path / "picture.bmp", code=2)
    assert "a picture ends in .png" in err


def test_explain_says_what_it_cannot_read(tiny_folder: Path) -> None:
    assert "no reading for 2" in run("explain", "--model", tiny_folder, "2Pac", code=1)[1]


def test_info() -> None:
    out, _ = run("info")
    assert f"hayakana {hayakana.__version__}" in out
    assert "CPUExecutionProvider" in out
    assert f"processors that --workers auto uses: {usable_processors()}\n" in out
    assert "model default: unit part" in out
    assert "model seed: unit name" in out
    assert "licence CC0-1.0" in out
    card, _ = run("info", "seed")
    assert card.startswith("# seed")


def test_a_hint_of_language(tagged_folder: Path, tiny: hayakana.Transliterator) -> None:
    with hayakana.Transliterator(tagged_folder) as transliterator:
        expected = transliterator("Mori", "fr")
        known = ", ".join(transliterator.languages)
    assert expected != tiny("Mori")
    model = ("--model", tagged_folder)
    for code in ("fr", "FRA", " fr-CA"):
        assert run("transliterate", *model, "--language", code, "Mori") == (f"{expected}\n", "")
    assert run("explain", *model, "--language", "fr", "Mori")[0].startswith(f"Mori → {expected}:")
    for code, reason in (
        ("es", "the model does not know es"),
        ("CH", "names with that code are of no certain language"),
    ):
        out, err = run("transliterate", *model, "--language", code, "Mori")
        assert out == f"{tiny('Mori')}\n"
        assert err == (
            f"hayakana: --language {code} does nothing, since {reason}; languages that the model knows: {known}\n"
        )
        assert run("transliterate", *model, "--language", code, "--quiet", "Mori") == (out, "")
    assert run("transliterate", *model, "--language", "", "Mori") == (f"{tiny('Mori')}\n", "")
    _, err = run("transliterate", *model, "--language", "French", "Mori", code=2)
    assert "argument --language: 'French' is not a code of a language or country: give small letters" in err
    card, _ = run("info", tagged_folder)
    assert card.endswith(f"\nlanguages of hints (--language): {known}\n")
    assert run("info", "seed")[0].endswith("\nlanguages of hints (--language): none\n")


def test_info_warns_of_two_onnxruntimes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "1.0")
    assert main(["info"]) == 0
    assert "both wheels of onnxruntime are installed" in capsys.readouterr().err


def test_version() -> None:
    for option in ("--version", "-V"):
        assert run(option)[0] == f"hayakana {hayakana.__version__}\n"


def test_batch(tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,name\n007,Mori\n008,2Pac\n", encoding="utf-8")
    out, err = run("batch", "--model", tiny_folder, tmp_path / "in.csv", tmp_path / "out.csv")
    assert out == ""
    assert "2 rows" in err
    assert "1 ok, 1 unreadable" in err
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert text == "id,name,katakana,status\n007,Mori,モリ,ok\n008,2Pac,,unreadable\n"
    _, err = run("batch", "--model", tiny_folder, tmp_path / "in.csv", tmp_path / "out.csv", code=1)
    assert "already exists: give --overwrite" in err
    strict = ["--strict", "--overwrite"]
    run("batch", "--model", tiny_folder, *strict, tmp_path / "in.csv", tmp_path / "out.csv", code=3)
    run("batch", "--model", tiny_folder, tmp_path / "none.csv", tmp_path / "out.csv", code=1)
