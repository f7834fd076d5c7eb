"""The page of examples/browser: what it reads is what hayakana writes, and it refuses what it has no rule for."""

import gzip
import json
import random
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from benchmarks.harness.samples import distinct_parts, full_names

from hayakana import Transliterator

TESTS = Path(__file__).parent.parent
BROWSER = TESTS.parent / "examples" / "browser"
ENGINE = BROWSER / "node_modules" / "onnxruntime-web" / "dist"
NODE, CHROMIUM = shutil.which("node"), shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    NODE is None or CHROMIUM is None or not ENGINE.is_dir(),
    reason="the page was not tested: it needs node, chromium, and npm install --no-package-lock in examples/browser",
)

MARKED = "Łukasz Wiśniewski|José Nuñez|Søren Kjær|Zoë Ångström|Đorđe Šašić|Nguyễn Huệ|Çelik|Þór Æsir|Weiß|Müßig|Renée"
TITLED = "Dr Who|Mrs Hill|Anna Hill PhD|Sammy Davis Jr|Sainte Beuve|Kim Co|Sir Isaac Newton"
RULED = (
    "J. R. R. Tolkien|IBM|McDonald|John Smith Iii|Henry VIII|Charles de Gaulle|Ludwig van Beethoven|gps|Http|St-Pierre"
    "|Saint Louis|Rock 'n' Roll|d' Arc|2Pac|山田 Anna|ヤマダ|Ã©mile|Пётр|Pеter|Simon & Garfunkel|Men in Black|HTTP"
    "|Ortega y Gasset|JEAN LUC|GitHub|eBay|Boyz II Men|Elizabeth I of England|Mª José|John™|a|I|X|Hill,Anna|‘James’"
    "|Sr Hill|Anna ft Bo|Ng Wong|Madonna (singer)|O''Brien|Anna\tHill|-Anna|Anna -Hill|Anna--Hill||  |‮Anna"
)


@pytest.fixture(scope="module", params=["default", "fast"])
def model(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def site(model: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that build.py writes."""
    folder = tmp_path_factory.mktemp("site") / "site"
    command = [sys.executable, str(BROWSER / "build.py"), str(folder), "--model", model]
    subprocess.run(command, check=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def transliterate(site: Path) -> Callable[[Sequence[str]], list[dict[str, str]]]:
    def transliterate(names: Sequence[str]) -> list[dict[str, str]]:
        command = [NODE, str(Path(__file__).parent / "names.mjs"), str(site)]
        done = subprocess.run(command, input=json.dumps(names).encode(), capture_output=True, check=True, timeout=300)
        return json.loads(done.stdout)

    return transliterate


def spelled_otherwise(names: Sequence[str]) -> list[str]:
    """Return ``names`` in small letters, in capitals, with marks, apostrophes, hyphens and double spaces."""
    draw = random.Random(1)
    changes = [
        str.lower,
        str.upper,
        lambda name: name.replace(" ", "-"),
        lambda name: name.replace(" ", "  "),
        lambda name: name[:2] + draw.choice("'’`") + name[2:].title(),
        lambda name: name.replace("e", draw.choice("éèêëēęė")).replace("a", draw.choice("áàâäãåā")),
        lambda name: name.replace("o", "o\u0308").replace("u", "u\u0301"),
        lambda name: f"{name} {draw.choice(['Jr', 'jr', 'van', 'de', 'II', 'of', 'y', 'St', 'Dr', 'MA', 'co'])} {name}",
        lambda name: name[:3] + name[3:].swapcase(),
        lambda name: name[: draw.randrange(1, 4)],
    ]
    return [draw.choice(changes)(name) for name in names]


def test_what_it_reads_is_what_hayakana_writes(model: str, transliterate) -> None:
    plain = [*full_names(1_200, seed=3), *distinct_parts(800, seed=3)]
    golden = (TESTS / "golden" / "names.txt").read_text(encoding="utf-8").splitlines()
    pairs = (TESTS / "fixtures" / "pairs.tsv").read_text(encoding="utf-8").splitlines()[:500]
    names = [*plain, *spelled_otherwise(plain), *golden, *(pair.partition("\t")[0] for pair in pairs)]
    names += [name for listed in (MARKED, TITLED, RULED) for name in listed.split("|")]
    with Transliterator(model, known_names=False) as transliterator:
        wanted = [result.text for result in transliterator.transliterate_detailed(names)]
    found = transliterate(names)
    read = [
        (name, of_page["text"], text)
        for name, of_page, text in zip(names, found, wanted, strict=True)
        if "text" in of_page
    ]
    assert [(name, page, text) for name, page, text in read if page != text] == []
    assert all("text" in of_page or of_page["refused"] for of_page in found)
    assert len(read) > 2_500
    assert sum("text" in of_page for of_page in found[: len(plain)]) > 0.97 * len(plain)


def test_what_it_refuses(transliterate) -> None:
    names = RULED.split("|")
    found = dict(zip(names, transliterate(names), strict=True))
    assert [name for name, of_page in found.items() if "text" in of_page] == []
    assert found["2Pac"]["refused"] == "it holds “2”"
    assert found["Charles de Gaulle"]["refused"] == "“de” goes by rules that are not here"


@pytest.mark.parametrize("model", ["default"], indirect=True, scope="module")
def test_docs_say_what_a_browser_loads(site: Path, model: str) -> None:
    version = json.loads((BROWSER / "package.json").read_text(encoding="utf-8"))["dependencies"]["onnxruntime-web"]
    page = (TESTS.parent / "docs" / "browser.md").read_text(encoding="utf-8")
    sizes = {path.name: (len(path.read_bytes()), len(gzip.compress(path.read_bytes(), 9))) for path in site.iterdir()}
    for what, names in {f"onnxruntime-web {version}": r"ort.*", "graphs": r".*\.onnx"}.items():
        loaded = [sizes.pop(name) for name in list(sizes) if re.fullmatch(names, name)]
        plain, packed = (sum(size) / 1e6 for size in zip(*loaded, strict=True))
        assert f"| {what} | {plain:.1f} | {packed:.1f} |" in page
    assert "| page and tables | under 0.1 | under 0.1 |" in page
    assert sum(plain for plain, _ in sizes.values()) < 1e5


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """The address of a server of static files."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_thousand_names_in_chromium(model: str, address: str) -> None:
    from playwright.sync_api import expect
    from tests.browsers import browsing

    names = [*full_names(990, seed=4), *MARKED.split("|")[:9], "2Pac"]
    with Transliterator(model, known_names=False) as transliterator:
        wanted = [result.text for result in transliterator.transliterate_detailed(names)]
    said: list[str] = []
    asked: set[str] = set()
    with browsing() as browser:
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.add(request.url))
        page.goto(address)
        expect(page.get_by_role("status")).to_contain_text("4 of 4 read in", timeout=60_000)
        # At once, as a paste does it. Playwright's fill() makes Chromium edit line by line, for half a minute.
        area = page.get_by_label("Names in Latin letters")
        area.evaluate("(it, text) => { it.value = text; it.dispatchEvent(new Event('input')); }", "\n".join(names))
        expect(page.get_by_role("status")).to_contain_text("of 1000 read in", timeout=60_000)
        found = page.get_by_role("listitem").all_inner_texts()
    read = [(page, text) for page, text in zip(found, wanted, strict=True) if not page.startswith("not read here: ")]
    assert [(page, text) for page, text in read if page != text] == []
    assert len(read) > 980
    assert found[-1] == "not read here: it holds “2”"
    assert said == []
    assert all(url.startswith((address, "data:", "blob:")) for url in asked), asked


def test_without_the_engine_it_says_what_to_install(tmp_path: Path) -> None:
    command = [sys.executable, str(BROWSER / "build.py"), str(tmp_path / "site"), "--engine", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "run npm install --no-package-lock in" in done.stderr
    assert not (tmp_path / "site").exists()
