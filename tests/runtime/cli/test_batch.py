"""``hayakana batch`` as a program: what goes in and what comes out, by option."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.slow


# --- what goes in and what comes out ---


def test_several_inputs_a_pattern_and_a_folder(batch, tmp_path: Path, names: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "1.tsv").write_text("town\tid\tname\nTsu\t4\tKato\n", encoding="utf-8")
    (tmp_path / "more" / "2.csv").write_text("id,name,town\n5,Sato,Ise\n", encoding="utf-8")
    expected = (
        "id,name,town,katakana,status\n1,Mori,Kato,モリ,ok\n2,2Pac,,,unreadable\n3,山田,Tsu,山田,kept\n"
        "4,Kato,Tsu,カト,ok\n5,Sato,Ise,サト,ok\n"
    )
    for number, inputs in enumerate(
        [[tmp_path / "more"], [f"{tmp_path}/more/*"], sorted((tmp_path / "more").iterdir())]
    ):
        batch(names, *inputs, tmp_path / f"{number}.csv")
        assert (tmp_path / f"{number}.csv").read_text(encoding="utf-8") == expected


def test_inputs_of_other_columns_are_refused_unless_chosen(batch, tmp_path: Path, names: Path) -> None:
    (tmp_path / "other.csv").write_text("name,age\nKato,7\n", encoding="utf-8")
    errors = batch(names, tmp_path / "other.csv", tmp_path / "out.csv", code=1)
    assert f"{tmp_path}/other.csv has a column 'age' and {names} has none" in errors
    batch(names, tmp_path / "other.csv", tmp_path / "out.csv", "--select", "name")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[-1] == "Kato,カト,ok"


@pytest.mark.parametrize("name", ["csv", "csv.gz", "parquet"])
def test_standard_input(batch, tmp_path: Path, names: Path, name: str) -> None:
    content = names.read_bytes()
    if name == "csv.gz":
        content = gzip.compress(content)
    elif name == "parquet":
        pq.write_table(pa.table({"id": ["1"], "name": ["Mori"], "town": ["Kato"]}), tmp_path / "in.parquet")
        content = (tmp_path / "in.parquet").read_bytes()
    batch("-", "--input-format", name, tmp_path / "out.csv", stdin=content)
    assert "1,Mori,Kato,モリ,ok\n" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "what format standard input has" in batch("-", tmp_path / "other.csv", code=2)


def test_columns_are_chosen_and_named(batch, tmp_path: Path, names: Path) -> None:
    options = [
        "--column",
        "town",
        "--select",
        "town",
        "--select",
        "id",
        "--output-column",
        "kana",
        "--status-column",
        "s",
    ]
    batch(names, tmp_path / "out.csv", *options)
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert text == "town,id,kana,s\nKato,1,カト,ok\n,2,,empty\nTsu,3,ツ,ok\n"
    errors = batch(names, tmp_path / "no.csv", "--output-column", "town", code=1)
    assert "has a column town already: give --output-column or --status-column" in errors
    assert "two of the columns that are added are named 'x'" in batch(
        names, tmp_path / "no.csv", "--output-column", "x", "--status-column", "x", code=2
    )
    errors = batch(names, tmp_path / "no.csv", "--select", "city", code=1)
    assert "no column 'city'; choose one of id, name, town with --select" in errors


def test_an_output_column_of_another_name_is_what_a_text_file_holds(batch, tmp_path: Path, names: Path) -> None:
    batch(names, tmp_path / "out.txt", "--output-column", "kana")
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "モリ\n\n山田\n"


def test_what_stands_where_there_is_no_katakana(batch, tmp_path: Path, names: Path) -> None:
    for choice, expected in [("null", ""), ("keep", "2Pac"), ("empty", "")]:
        batch(names, tmp_path / f"{choice}.jsonl", "--on-error", choice, "--strict", code=3)
        row = json.loads((tmp_path / f"{choice}.jsonl").read_text(encoding="utf-8").splitlines()[1])
        assert (row["katakana"], row["status"]) == (None if choice == "null" else expected, "unreadable")
    errors = batch(names, tmp_path / "no.csv", "--on-error", "fail", code=1)
    assert f"{names}: line 3: '2Pac' has no Katakana: unreadable" in errors
    assert not (tmp_path / "no.csv").exists()


def test_bytes_that_are_no_text(batch, tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("name,town\nMori,Kato\nKató,\nSato,Málaga\n".encode("latin-1"))
    errors = batch(path, tmp_path / "out.csv", code=1)
    assert f"{path}: line 3: not UTF-8" in errors
    assert "--encoding" in errors
    assert "--on-error" in errors
    batch(path, tmp_path / "out.csv", "--on-error", "null")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "Mori,Kato,モリ,ok",
        "Kat\ufffd,,,undecodable",
        "Sato,M\ufffdlaga,,undecodable",
    ]
    batch(path, tmp_path / "latin-1.csv", "--encoding", "latin-1", "--select", "town")
    assert (tmp_path / "latin-1.csv").read_text(encoding="utf-8").splitlines()[3] == "Málaga,サト,ok"
    assert "no encoding 'klingon'" in batch(path, tmp_path / "no.csv", "--encoding", "klingon", code=2)


def test_a_dialect_and_encodings(batch, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes("name;note\n'Mori;Sato';x\n".encode("utf-16"))
    options = ["--delimiter", ";", "--quote", "'", "--encoding", "utf-16", "--output-encoding", "cp932"]
    batch(tmp_path / "in.csv", tmp_path / "out.csv", *options)
    assert (tmp_path / "out.csv").read_bytes().decode("cp932").splitlines()[0] == "name;note;katakana;status"


def test_probabilities_and_candidates(batch, tmp_path: Path, names: Path) -> None:
    batch(names, tmp_path / "out.parquet", "--probabilities", "--n-best", "2")
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert 0 < rows[0]["probability"] <= 1
    assert rows[0]["candidates"][0]["katakana"] == "モリ"
    assert len(rows[0]["candidates"]) == 2
    assert (rows[1]["probability"], rows[1]["candidates"]) == (None, None)
    assert (rows[2]["probability"], rows[2]["candidates"]) == (1.0, [{"katakana": "山田", "probability": 1.0}])
    batch(names, tmp_path / "out.csv", "--n-best", "1")
    assert '""katakana"": ""モリ""' in (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1]


def test_a_lexicon(batch, tmp_path: Path, names: Path) -> None:
    (tmp_path / "mine.tsv").write_text("2Pac\tツーパック\n", encoding="utf-8")
    batch(names, tmp_path / "out.csv", "--lexicon", tmp_path / "mine.tsv")
    assert "2,2Pac,,ツーパック,lexicon" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_a_folder_and_what_it_is_asked(batch, tmp_path: Path, names: Path) -> None:
    errors = batch(names, tmp_path / "out", "--format", "tsv", "--resume", "--window", "1", "--rows-per-file", "2")
    assert "3 rows in" in errors
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "_hayakana.json",
        "part-00000-00000.tsv",
        "part-00000-00001.tsv",
    ]
    for option in (["--resume"], ["--rows-per-file", "262144"]):
        assert f"{option[0]} is for a folder" in batch(names, tmp_path / "out.csv", *option, code=2)
    assert "--format tsv is not what the suffix" in batch(names, tmp_path / "out.csv", "--format", "tsv", code=2)
    batch(names, tmp_path / "as_said.csv", "--format", "csv")
    assert "multiple of the window" in batch(names, tmp_path / "no", "--rows-per-file", "3", code=2)
    assert "no format 'doc'" in batch(names, tmp_path / "no", "--format", "doc", code=2)
    assert "is read, not written" in batch(names, tmp_path / "no", "--format", "xlsx", code=2)
    assert "standard input" in batch("-", tmp_path / "no", "--input-format", "csv", "--resume", code=2)


def test_the_report(batch, tmp_path: Path, names: Path) -> None:
    errors = batch(names, tmp_path / "out.csv", "--report", tmp_path / "report.json")
    lines = errors.splitlines()
    assert lines[0].startswith("3 rows in ")
    assert lines[0].endswith("1 ok, 1 unreadable, 1 kept")
    assert lines[1:] == ["  unreadable: line 3 '2Pac'", f"  written to {tmp_path}/out.csv"]
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["examples"] == {"unreadable": [{"file": names.name, "row": 2, "name": "2Pac", "line": 3}]}
    assert (report["rows"], report["problems"], report["statuses"]) == (3, 1, {"ok": 1, "unreadable": 1, "kept": 1})
    assert report["distinct_words"] >= 3
    assert set(report["stages"]) == {"read", "transliterate", "write"}


# --- columns as people have them ---


def test_names_in_two_columns_and_texts_for_missing_names(batch, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,Given,family\n1,Mori,Kato\n2,\\N,Sato\n3,\\N,-0-\n", encoding="utf-8")
    options = ["--column", "family", "--column", "given", "--select", "1", "--missing", "\\N", "--missing=-0-"]
    batch(tmp_path / "in.csv", tmp_path / "out.csv", *options)
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert text == "id,katakana,status\n1,カト・モリ,ok\n2,サト,ok\n3,,missing\n"
    errors = batch(tmp_path / "in.csv", tmp_path / "no.csv", "--column", "id", "--column", "id", code=2)
    assert "give at least one, and each once" in errors


def test_a_table_that_another_delimiter_separates_is_refused(batch, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("name;city\nMori;Tsu\n", encoding="utf-8")
    assert "give --delimiter ';', or" in batch(tmp_path / "in.csv", tmp_path / "out.csv", code=1)
    assert not (tmp_path / "out.csv").exists()
    batch(tmp_path / "in.csv", tmp_path / "out.csv", "--delimiter", ";")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "name;city;katakana;status\nMori;Tsu;モリ;ok\n"


def test_a_table_without_a_header_has_columns_by_number_and_comes_out_so(batch, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("1,Mori,-0- \n2,Kato,-0- \n", encoding="utf-8")
    batch(tmp_path / "in.csv", tmp_path / "out.csv", "--no-header", "--column", "2")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "1,Mori,-0- ,モリ,ok\n2,Kato,-0- ,カト,ok\n"
    batch(tmp_path / "in.csv", tmp_path / "out.jsonl", "--no-header", "--column", "2", "--select", "1")
    first = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert first == '{"1": "1", "katakana": "モリ", "status": "ok"}'
    batch(tmp_path / "in.csv", tmp_path / "out", "--no-header", "--column", "2", "--format", "csv")
    assert (tmp_path / "out" / "part-00000-00000.csv").read_bytes() == (tmp_path / "out.csv").read_bytes()
    batch(tmp_path / "in.csv", tmp_path / "out.csv", "--no-header", "--column", "2", "--overwrite")
    (tmp_path / "foreign.csv").write_text("1,Mori,x\n", encoding="utf-8")
    errors = batch(tmp_path / "in.csv", tmp_path / "foreign.csv", "--no-header", "--column", "2", "--overwrite", code=1)
    assert "hayakana did not write it" in errors
    errors = batch(tmp_path / "in.csv", tmp_path / "no.csv", "--no-header", code=1)
    assert "no column 'name'; choose one of 1, 2, 3 with --column" in errors
    (tmp_path / "in.jsonl").write_text('{"name": "Mori"}\n', encoding="utf-8")
    errors = batch(tmp_path / "in.csv", tmp_path / "in.jsonl", tmp_path / "no.csv", "--no-header", code=2)
    assert "--no-header is for CSV and TSV" in errors


def test_broken_rows_can_be_marked(batch, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('name,x\nMori,1\n"Sato,2\nKato\nIto,3\n', encoding="utf-8")
    assert "line 3: " in batch(tmp_path / "in.csv", tmp_path / "out.csv", code=1)
    errors = batch(tmp_path / "in.csv", tmp_path / "out.csv", "--on-broken-row", "mark", "--strict", code=3)
    assert "broken: line 3 '\"Sato', line 4 'Kato'" in errors
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert text == 'name,x,katakana,status\nMori,1,モリ,ok\n"""Sato",2,,broken\nKato,,,broken\nIto,3,イト,ok\n'


# --- doubt ---


def test_unsure_rows_keep_their_katakana_and_are_no_problem(batch, tmp_path: Path, names: Path) -> None:
    doubt = ("--least-probability", "1", "--select", "name")
    batch(names, tmp_path / "out.csv", *doubt, "--probabilities", "--strict", code=3)  # for 2Pac
    rows = [line.split(",") for line in (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()]
    assert [row[:3] for row in rows[1:]] == [
        ["Mori", "モリ", "unsure"],
        ["2Pac", "", "unreadable"],
        ["山田", "山田", "kept"],
    ]
    assert 0 < float(rows[1][3]) < 1
    (tmp_path / "fine.txt").write_text("Mori\nKato\n", encoding="utf-8")
    report = tmp_path / "report.json"
    said = batch(tmp_path / "fine.txt", tmp_path / "fine.csv", *doubt[:2], "--strict", "--report", report)
    assert "2 unsure" in said
    assert json.loads(report.read_bytes()) | {"statuses": {"unsure": 2}, "problems": 0, "examples": {}} == json.loads(
        report.read_bytes()
    )
    batch(tmp_path / "fine.txt", tmp_path / "none.csv", *doubt[:2], "--on-error", "fail")
    assert (tmp_path / "fine.csv").read_bytes() == (tmp_path / "none.csv").read_bytes()


def test_a_job_is_resumed_with_the_same_doubt_alone(batch, tmp_path: Path, names: Path) -> None:
    into = ("--resume", names, tmp_path / "out")
    batch("--least-probability", "1", *into)
    assert pq.read_table(tmp_path / "out")["status"].to_pylist() == ["unsure", "unreadable", "kept"]
    batch("--least-probability", "1", *into)
    batch("--least-probability", "0.5", *into, code=1)
    batch(*into, code=1)


@pytest.mark.parametrize("least", ["-1", "1.01", "nan", "half", ""])
def test_a_least_probability_that_cannot_be(batch, tmp_path: Path, names: Path, least: str) -> None:
    assert "must be a number from 0 to 1" in batch(names, tmp_path / "out.csv", "--least-probability=" + least, code=2)


# --- style ---


def test_katakana_in_style(batch, tmp_path: Path, names: Path) -> None:
    (tmp_path / "names.txt").write_text("V Mori-Kato\nﾔﾏﾀﾞ\n", encoding="utf-8")
    batch("--style", "half-width", "--style", "b-for-v", tmp_path / "names.txt", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "V Mori-Kato,ﾋﾞｰ ﾓﾘ ｶﾄ,ok".replace("ｰ", "-"),
        "ﾔﾏﾀﾞ,ヤマダ,kept",
    ]
    into = ("--resume", names, tmp_path / "out")
    batch("--style", "hiragana", *into)
    assert pq.read_table(tmp_path / "out")["katakana"].to_pylist() == ["もり", None, "山田"]
    batch("--style=hiragana", "--style=hiragana", *into)
    batch(*into, code=1)
    batch("--style", "b-for-v", *into, code=1)


def test_styles_that_cannot_be(batch, tmp_path: Path, names: Path) -> None:
    errors = batch("--style", "small", names, tmp_path / "out.csv", code=2)
    assert "'half-width'" in errors
    errors = batch("--style=hiragana", "--style=half-width", names, tmp_path / "out.csv", code=2)
    assert "no half-width Hiragana" in errors
    errors = batch("--style=no-separators", "--separator= ", names, tmp_path / "out.csv", code=2)
    assert "give no separator" in errors
