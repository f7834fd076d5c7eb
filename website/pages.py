"""The pages that Zensical builds: README, docs/ and what they link, in the folders that they have here.

Links therefore work unchanged, in the repository and on the site. Only sources are no pages: a file that a page links
gets a page with its text, a folder gets a list of its files, and the links are changed to these.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

START = ("README.md", "README.ja.md", "docs/*.md")
PICTURES = frozenset({".png", ".svg", ".jpg"})
NOT_SEARCHED = ("benchmarks/",)
"""Tables of figures, which would be found for every word. Sources are not searched either."""
LANGUAGES = {
    ".py": "python",
    ".js": "js",
    ".mjs": "js",
    ".json": "json",
    ".yaml": "yaml",
    ".css": "css",
    ".html": "html",
}
MOST_BYTES = 200_000
"""Of a source that gets a page."""

_CODE = re.compile(r"^(```+|~~~+).*?^\1[^\n]*$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_OUTSIDE = re.compile(r"[a-z]+:")
_NOT_SEARCHED = "---\nsearch:\n  exclude: true\n---\n\n"


class BrokenLinksError(Exception):
    """Links of pages lead to nothing; the message has a line for each."""


def stage(root: Path, folder: Path) -> None:
    """Write the pages of the checkout ``root`` into ``folder``, in place of what is there.

    Raises:
        BrokenLinksError: a link leads to no file, to a file that is no text, or out of the checkout. ``folder`` is
            incomplete then.
    """
    shutil.rmtree(folder, ignore_errors=True)
    waiting = [path for pattern in START for path in sorted(root.glob(pattern))]
    seen = set(waiting)
    broken = []
    while waiting:
        source = waiting.pop(0)
        try:
            page, text, linked = _page(root, source)
        except BrokenLinksError as error:
            broken.append(str(error))
            continue
        write(folder / page.relative_to(root), text)
        new = [path for path in dict.fromkeys(linked) if path not in seen]
        seen.update(new)
        waiting += [path for path in new if path.suffix not in PICTURES]
        for picture in (path for path in new if path.suffix in PICTURES):
            copy = folder / picture.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(picture, copy)
    if broken:
        raise BrokenLinksError("\n".join(broken))


def write(path: Path, text: str) -> None:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _page(root: Path, source: Path) -> tuple[Path, str, list[Path]]:
    """Return the page of a file or folder: where it is, its Markdown, and what it links."""
    name = source.relative_to(root).as_posix()
    if source.is_dir():
        files = [path for path in sorted(source.iterdir()) if _is_source(path)]
        lines = [f"- [`{path.name}`]({_page_of(path).name})" for path in files]
        return _page_of(source), "\n".join([_NOT_SEARCHED, f"# {name}\n", *lines, ""]), files
    text = source.read_text(encoding="utf-8")
    if source.suffix != ".md":
        fence = "`" * 4
        language = LANGUAGES.get(source.suffix, "text")
        return _page_of(source), f"{_NOT_SEARCHED}# {name}\n\n{fence}{language}\n{text.rstrip()}\n{fence}\n", []
    linked: list[Path] = []
    faults: list[str] = []

    def changed(match: re.Match[str]) -> str:
        link = match[1]
        path, hash_mark, anchor = link.partition("#")
        if not path or _OUTSIDE.match(link):
            return match[0]
        target = (source.parent / path).resolve()
        if not target.is_relative_to(root) or not (target.is_dir() or target.suffix in PICTURES or _is_source(target)):
            faults.append(f"{name}: {link} leads to nothing that the site has")
            return match[0]
        linked.append(target)
        page = _page_of(target)
        moved = path if page == target else (Path(path).parent / page.relative_to(target.parent)).as_posix()
        return f"]({moved}{hash_mark}{anchor})"

    text = "".join(part if is_code else _LINK.sub(changed, part) for part, is_code in _parts(text))
    if faults:
        raise BrokenLinksError("\n".join(faults))
    return source, (_NOT_SEARCHED if name.startswith(NOT_SEARCHED) else "") + text, linked


def _page_of(source: Path) -> Path:
    """Return where the page of a file or folder is, beside it. No page has the name of a file of the site itself."""
    if source.is_dir():
        return source / "index.md"
    return source if source.suffix in PICTURES | {".md"} else source.with_name(f"{source.name.replace('.', '-')}.md")


def _is_source(path: Path) -> bool:
    """Whether a file is text, and not too long for a page."""
    if path.name.startswith(".") or not path.is_file() or path.stat().st_size > MOST_BYTES:
        return False
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a page, and whether each is code, in which nothing is a link."""
    end = 0
    for code in _CODE.finditer(text):
        yield text[end : code.start()], False
        yield code[0], True
        end = code.end()
    yield text[end:], False
