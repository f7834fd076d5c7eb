"""Pages are staged with their links, and what is wrong with a built site is found."""

import re
from pathlib import Path

import pytest
from website.built import faults
from website.pages import BrokenLinksError, stage

ROOT = Path(__file__).parent.parent.parent
POLICY = '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = re.findall(r"(?:: |- )(docs/[\w-]+\.md)$", navigation, re.MULTILINE)
    assert sorted(listed) == sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/*.md"))


def test_every_public_name_is_in_the_reference() -> None:
    import hayakana
    import hayakana.batch

    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^::: (\S+)$", page, re.MULTILINE))
    public = {f"hayakana.{name}" for name in hayakana.__all__} - {"hayakana.__version__"}
    public |= {f"hayakana.batch.{name}" for name in hayakana.batch.__all__}
    for path in (ROOT / "runtime/hayakana/integrations").glob("[a-z]*.py"):
        [names] = re.findall(r"^__all__ = \[(.*)\]$", path.read_text(encoding="utf-8"), re.MULTILINE)
        public |= {f"hayakana.integrations.{path.stem}.{name}" for name in re.findall(r'"(\w+)"', names)}
    assert listed == public


def test_a_page_keeps_its_links_and_brings_what_it_links(tmp_path: Path) -> None:
    root = write(
        tmp_path / "root",
        {
            "README.md": "[a](docs/a.md#b) [out](https://a.example) `[no](x)`\n\n```\n[no](y)\n```\n",
            "docs/a.md": "# A\n\n## B\n\n[code](../src/a.py) [folder](../src) [more](../more.md)\n",
            "src/a.py": "print()\n",
            "more.md": "# More\n",
        },
    )
    stage(root, tmp_path / "pages")
    names = {path.relative_to(tmp_path / "pages").as_posix() for path in (tmp_path / "pages").rglob("*.md")}
    assert names == {"README.md", "docs/a.md", "src/a-py.md", "src/index.md", "more.md"}
    assert (tmp_path / "pages/README.md").read_text() == (root / "README.md").read_text()
    assert "[code](../src/a-py.md) [folder](../src/index.md) [more](../more.md)" in (
        (tmp_path / "pages/docs/a.md").read_text()
    )
    assert "````python\nprint()\n````" in (tmp_path / "pages/src/a-py.md").read_text()


@pytest.mark.parametrize("link", ["docs/none.md", "../outside.md", "model.bin", "docs/none"])
def test_a_broken_link_is_named(tmp_path: Path, link: str) -> None:
    root = write(tmp_path / "root", {"README.md": f"[a]({link})\n"})
    (root / "model.bin").write_bytes(b"\xff\xfe\xff")
    write(tmp_path, {"outside.md": "# A\n"})
    with pytest.raises(BrokenLinksError, match=re.escape(f"README.md: {link} leads to nothing")):
        stage(root, tmp_path / "pages")


def test_faults_of_a_site_are_found(tmp_path: Path) -> None:
    site = write(
        tmp_path,
        {
            "index.html": f'{POLICY}<p id="b"><a href="a/#c">x</a><a href="none/">x</a><img src="https://a.example/x.png">',
            "a/index.html": '<a href="../#b">x</a><a href="https://a.example">x</a><link rel="canonical" href="https://b.example">',
            "assets/a.css": "@import url(https://fonts.example/css); a { background: url(data:x) }",
            "assets/a.js": "fetch('https://cdn.example/x.js')",
        },
    )
    assert sorted(faults(site)) == [
        "a/index.html: no content security policy",
        "assets/a.css: asks url(https://fonts.example/css",
        "assets/a.js: has the address https://cdn.example/x.js",
        "index.html: a/#c: that page has no such place",
        "index.html: asks https://a.example/x.png",
        "index.html: none/ leads to nothing",
    ]
