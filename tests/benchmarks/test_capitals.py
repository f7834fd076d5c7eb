from benchmarks.capitals import main, taken_for_acronyms

from hayakana_training.census import census_parts


def test_few_names_of_the_census_look_like_acronyms() -> None:
    names = [part.lower() for part in census_parts()]
    assert taken_for_acronyms(names) == ["rm", "jn", "wms", "mc", "dk", "vlk", "uc", "khn", "wm", "jc"]
    assert taken_for_acronyms(names, beside="ANNA") == ["rm", "jn", "dk", "uc", "wm", "jc"]


def test_the_report(tmp_path, capsys) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("anna\tア ン ナ\t3\nbj\tビ\t1\n7\tナ ナ\t1\n", encoding="utf-8")
    main(str(path))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "wd_katakana, alone: 1 of 2: bj"
    assert lines[3] == "wd_katakana, 3 times or more, alone: 0 of 1: "
