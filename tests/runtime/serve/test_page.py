"""The page, in a real browser and before a real service."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, Route, expect
from tests.browsers import CHROMIUM, browsing, visiting
from tests.services import Service, serving

from hayakana import Transliterator

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="the page was not tested: it needs chromium"),
]
TABLE = 'id,Full name,note\r\n1,Mori Tanaka,"a, ""b"""\r\n2,"Anna\r\nMori", x \r\n3,2Pac,\r\n4,,"two\nlines"\r\n'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as running:
        yield running


@pytest.fixture(scope="module")
def service(tagged_known_folder: Path) -> Iterator[Service]:
    options = ("--model", tagged_known_folder, "--model", "seed", "--least-probability", "0.05")
    with serving(*options, limit_s=600) as running:
        yield running


@pytest.fixture(scope="module")
def written(tagged_known_folder: Path) -> Iterator[Transliterator]:
    with Transliterator(tagged_known_folder) as transliterator:
        yield transliterator


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    with visiting(browser, service.url) as opened:
        yield opened


def katakana(page: Page) -> list[str]:
    return page.locator(".katakana").all_inner_texts()


def put(page: Page, *names: str) -> None:
    """Type names, and wait until each has its card."""
    page.fill("#names", "\n".join(names))
    expect(page.locator(".name")).to_have_text([name or "–" for name in names])


def choose(page: Page, name: str, content: bytes) -> None:
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})


def downloaded(page: Page) -> bytes:
    with page.expect_download() as download:
        page.click("#download")
    return Path(download.value.path()).read_bytes()


def violations(page: Page) -> list[str]:
    """Return what axe-core finds that is serious."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes']}" for each in found if each["impact"] in ("serious", "critical")]


def test_katakana_comes_as_names_are_typed(page: Page, written: Transliterator) -> None:
    page.fill("#names", "")
    page.locator("#names").press_sequentially("Mori Tanaka\nShin Kato", delay=20)
    expect(page.locator(".katakana")).to_have_text(written.transliterate(["Mori Tanaka", "Shin Kato"]))
    expect(page.locator("#count")).to_contain_text("2 names")
    expect(page.locator(".marks .percent").first).to_contain_text("%")


def test_an_answer_that_comes_late_is_dropped(page: Page, written: Transliterator) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "Shin" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/v1/*", hold)
    with page.expect_request(lambda request: "Shin" in (request.post_data or "")):
        page.fill("#names", "Shin")
    page.fill("#names", "Mori")
    expect(page.locator(".katakana")).to_have_text([written("Mori")])
    for route in held:
        route.abort()
    page.wait_for_timeout(200)
    assert katakana(page) == [written("Mori")]


def test_a_kana_lights_its_letters_and_a_letter_its_kana(page: Page) -> None:
    put(page, "Mori Anna")
    card = page.locator(".card")
    assert card.locator(".sheet table th[scope=col]").all_inner_texts() == list("Mori")
    assert card.locator(".sheet td[title]").count() == 4 * len(card.locator("th[scope=row]").all())
    card.locator(".katakana [data-kana='0']").hover()
    assert "M" in card.locator(".name .lit").all_inner_texts()
    assert card.locator(".sheet [data-letter='0'].lit").count() == 1
    card.locator(".sheet [data-letter='0']").hover()
    assert card.locator(".katakana .lit").first.inner_text() == card.locator(".katakana [data-kana='0']").inner_text()
    # What is known whole lights as one.
    card.locator(".katakana [data-kana]").last.hover()
    assert card.locator(".name .lit").all_inner_texts() == list("Anna")
    page.mouse.move(0, 0)
    assert card.locator(".lit").count() == 0


def test_why_and_other_spellings_are_told(page: Page) -> None:
    put(page, "Mori Anna J")
    expect(page.locator(".sheet .origin")).to_have_text(["network", "known name", "rule"])
    spellings = page.locator(".others li")
    assert spellings.count() > 1
    assert page.locator(".others b").all_inner_texts() == katakana(page)


def test_what_is_unsure_or_has_no_katakana_says_why(page: Page) -> None:
    put(page, "Wotakeri", "2Pac", "山田 太郎", "a" * 50, "a" * 1_001)
    cards = page.locator(".card")
    expect(cards.nth(0).locator(".mark")).to_have_text("unsure")
    expect(cards.nth(1)).to_contain_text("characters that cannot be read")
    expect(cards.nth(1)).to_contain_text("U+0032")
    expect(cards.nth(2).locator(".katakana")).to_have_text("山田 太郎")
    expect(cards.nth(3).locator(".mark")).to_have_text("too long")
    expect(cards.nth(4).locator(".mark")).to_have_text("too long")
    expect(page.locator("#count")).to_contain_text("1 unsure, 3 without Katakana")


def test_many_names_are_closed_until_they_are_opened(page: Page) -> None:
    put(page, *[f"Mori {letter}" for letter in "ABCDEFGH"])
    assert page.locator(".sheet").count() == 0
    page.locator(".toggle").nth(2).click()
    expect(page.locator(".sheet")).to_have_count(1)
    expect(page.locator(".toggle").nth(2)).to_be_focused()
    page.click("#open-all")
    expect(page.locator(".sheet")).to_have_count(8)


def test_more_names_than_are_shown_become_a_table(page: Page) -> None:
    page.fill("#names", "\n".join(["Mori", "Tanaka"] * 150))
    expect(page.locator(".card")).to_have_count(200)
    expect(page.locator("#as-table-note")).to_contain_text("The first 200 of 300 names")
    page.click("#as-table")
    expect(page.locator("#table-name")).to_have_text("Pasted text: 300 rows")
    page.click("#start")
    expect(page.locator("#progress-said")).to_contain_text("Done: 300. ok 300")
    assert len(downloaded(page).decode().split("\n")) == 300


def test_model_and_language_are_chosen(page: Page, written: Transliterator) -> None:
    put(page, "Anna")
    page.get_by_label("Language").select_option(label="French")
    expect(page.locator(".katakana")).to_have_text([written.transliterate_detailed(["Anna"], ["fr"])[0].text or ""])
    expect(page.locator(".details")).to_contain_text("Read as French.")
    page.get_by_label("Model").select_option("seed")
    expect(page.locator("#about")).to_contain_text("model seed (CC0-1.0)")
    expect(page.locator(".sheet .origin")).to_have_text(["network"])


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_table_comes_back_with_two_columns_more(page: Page, written: Transliterator, start: str) -> None:
    choose(page, "people.csv", (start + TABLE).encode())
    expect(page.locator("#table-name")).to_have_text("people.csv: 4 rows")
    assert page.get_by_label("Names are in").input_value() == "1"
    page.click("#start")
    expect(page.locator("#progress-said")).to_contain_text("Done: 4. ok 2, unreadable 1, empty 1")
    text = downloaded(page).decode()
    assert text.startswith(start + "id,Full name,note,katakana,status\r\n")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    assert [row[:3] for row in rows] == list(csv.reader(io.StringIO(TABLE, newline=""), strict=True))
    answers = written.transliterate_detailed([row[1] for row in rows[1:]])
    assert [row[3:] for row in rows[1:]] == [[answer.text or "", str(answer.status)] for answer in answers]
    assert '"a, ""b""",' in text  # as it was written


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "name\n森".encode("utf-16"), "UTF-16"),
        ("a.csv", "name\n森".encode("shift_jis"), "not UTF-8"),
        ("a.xlsx", b"PK\x03\x04", "Excel workbook"),
        ("a.csv", b"name\n\0", "This is no text"),
        ("a.csv", b"", "no row"),
        ("a.csv", b'name\nMori\n"Kato', "Line 3: a quotation mark is never closed"),
        ("a.csv", b'name\n"Kato" Mori\n', "Line 2: text after a closing quotation mark"),
        ("a.csv", b'name,b\n"a\nb",1\nMori,1,2', "Line 4 has 3 values, but the first line has 2"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(page: Page, name: str, content: bytes, said: str) -> None:
    choose(page, name, content)
    expect(page.locator("#table-error")).to_contain_text(said)
    expect(page.locator("#job")).to_be_hidden()


def test_a_tsv_without_a_line_of_names(page: Page, written: Transliterator) -> None:
    choose(page, "a.tsv", b'"Mori\t1\nKato\n')
    page.get_by_label("The first line names the columns").uncheck()
    page.get_by_label("Names are in").select_option("0")
    page.click("#start")
    expect(page.locator("#progress-said")).to_contain_text("Done: 2.")
    results = written.transliterate_detailed(['"Mori', "Kato"])
    expected = [
        f"{before}\t{result.text or ''}\t{result.status}\n"
        for before, result in zip(['"Mori\t1', "Kato\t"], results, strict=True)
    ]
    assert downloaded(page).decode() == "".join(expected)


def test_a_table_waits_while_the_service_is_busy(browser: Browser, service: Service) -> None:
    statuses = iter([429, 503])
    body = json.dumps({"error": "full", "error_type": "overloaded"})

    def busy(route: Route) -> None:
        if status := next(statuses, None):
            route.fulfill(status=status, body=body, headers={"Retry-After": "1"}, content_type="application/json")
        else:
            route.continue_()

    with visiting(browser, service.url, allowed=("429", "503")) as page:
        put(page, "Mori")
        choose(page, "a.csv", TABLE.encode())
        page.route("**/v1/transliterate", busy)
        page.click("#start")
        expect(page.locator("#progress-said")).to_have_text("The service is busy. Trying again in 1 s.")
        expect(page.locator("#progress-said")).to_contain_text("Done: 4.")


def test_a_table_is_cancelled_and_goes_on(page: Page) -> None:
    asked: list[list[str]] = []

    def second_waits(route: Route) -> None:
        asked.append(route.request.post_data_json["names"])
        if len(asked) != 2:
            route.continue_()

    put(page, "Mori")
    page.route("**/v1/transliterate", second_waits)
    choose(page, "a.csv", b"name\n" + b"Mori\n" * 2_500)
    page.click("#start")
    expect(page.locator("#progress-said")).to_have_text("1,000 of 2,500")
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.click("#cancel")
    expect(page.locator("#progress-said")).to_contain_text("Stopped at 1,000 of 2,500")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#progress-said")).to_contain_text("Done: 2,500. ok 2,500")
    assert list(map(len, asked)) == [1_000, 1_000, 1_000, 500]


def test_a_table_is_dropped_or_pasted(page: Page) -> None:
    give = """(kind) => {
      const data = new DataTransfer();
      if (kind === "drop") data.items.add(new File(["name,b\\nMori,1\\n"], "dropped.csv"));
      else data.setData("text", "Mori\\tTanaka\\nKato\\tMori");
      const event = kind === "drop" ? new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true })
        : new ClipboardEvent(kind, { clipboardData: data, bubbles: true });
      document.getElementById("drop").dispatchEvent(event);
    }"""
    page.evaluate(give, "drop")
    expect(page.locator("#table-name")).to_have_text("dropped.csv: 1 row")
    page.evaluate(give, "paste")
    expect(page.locator("#table-name")).to_contain_text("Pasted text")


def csv_text(rows: list[list[str]], dialect: dict[str, Any]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, **dialect).writerows(rows)
    return written.getvalue()


CELLS = st.text(st.sampled_from('ab ,;"\t\r\n森'), max_size=4)
ROWS = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5)
)


@settings(max_examples=60)
@given(st.lists(ROWS, min_size=1, max_size=20), st.sampled_from(["\r\n", "\n"]), st.sampled_from(["", "\ufeff"]))
def test_rows_are_those_of_python(browser_page: Page, tables: list[list[list[str]]], ending: str, start: str) -> None:
    dialect = {"lineterminator": ending, "quoting": csv.QUOTE_ALL}
    texts = [start + csv_text(rows, dialect) for rows in tables]
    read = """async (texts) => {
      const { records, withAnswers } = await import("./table.js");
      const format = { delimiter: ",", quotes: true };
      return texts.map((text) => {
        const rows = [...records(text, format)].map(({ values }) => values);
        const about = { hasHeader: false, width: rows[0].length, answers: rows.map(() => ['ア,"', "ok"]) };
        return [rows, withAnswers(text, format, about).join("")];
      });
    }"""
    for rows, text, (found, added) in zip(tables, texts, browser_page.evaluate(read, texts), strict=True):
        assert found == rows
        assert list(csv.reader(io.StringIO(added.removeprefix("\ufeff"), newline=""), strict=True)) == [
            [*row, 'ア,"', "ok"] for row in rows
        ]
        assert added.startswith(start)
        assert added.replace(',"ア,""",ok', "") == text


@pytest.fixture(scope="module")
def browser_page(browser: Browser, service: Service) -> Iterator[Page]:
    with visiting(browser, service.url) as opened:
        yield opened


def test_the_keyboard_is_enough(page: Page) -> None:
    put(page, "Mori Tanaka")
    page.focus("#names")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('toggle')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".sheet")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator(".sheet")).to_have_count(1)
    expect(page.locator(".toggle")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "M"
    assert page.locator(".katakana .lit").count() > 0
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.dataset.kana") == str(len(katakana(page)[0]) - 1)
    assert "a" in page.locator(".name .lit").all_inner_texts()
    page.keyboard.press("Tab")
    expect(page.locator("#file")).to_be_focused()
    choose(page, "a.csv", b"name\nMori\n")
    expect(page.locator("#column")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator("#start")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#download")).to_be_visible()


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_a_phone_scrolls_in_one_direction(browser: Browser, service: Service, locale: str) -> None:
    viewport = {"width": 360, "height": 740}
    with visiting(browser, service.url, locale=locale, viewport=viewport, has_touch=True, is_mobile=True) as page:
        put(page, "Mori " * 12 + "Tanaka", "moritanaka" * 3, "2" * 200)
        choose(page, f"{'long' * 40}.csv", ("name," + "column" * 40 + "\nMori,1\n").encode())
        page.click("#start")
        expect(page.locator("#download")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        page.locator(".katakana [data-kana]").first.tap()
        assert page.locator(".name .lit").count() > 0


def test_what_is_typed_never_stands_before_the_table(page: Page) -> None:
    put(page, "Mori")
    choose(page, "a.csv", b"name\n" + b"Mori\n" * 9)
    page.set_viewport_size({"width": 1280, "height": 300})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    edge = "(id) => document.getElementById(id).getBoundingClientRect()"
    assert page.evaluate(edge, "asking")["bottom"] <= page.evaluate(edge, "tables")["top"]


def test_dark_is_dark(browser: Browser, service: Service) -> None:
    def lightness(page: Page) -> float:
        drawn = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
        return sum(page.evaluate(drawn)) / 3

    with visiting(browser, service.url, color_scheme="dark") as page:
        assert lightness(page) < 50
        page.emulate_media(color_scheme="light")
        assert lightness(page) > 200


def test_japanese_is_spoken_where_the_browser_wants_it(browser: Browser, service: Service) -> None:
    with visiting(browser, service.url, locale="ja-JP") as page:
        put(page, "2Pac")
        assert page.get_attribute("html", "lang") == "ja"
        expect(page.locator(".card")).to_contain_text("読めない文字が含まれています。")
        page.click("#switch")
        expect(page.locator(".card")).to_contain_text("characters that cannot be read")
        page.reload()
        assert page.get_attribute("html", "lang") == "en"


def test_both_languages_say_the_same(page: Page) -> None:
    keys = """async () => {
      const { words } = await import("./words.js");
      const all = (said, path = "") => Object.entries(said).flatMap(([key, value]) =>
        value.constructor === Object ? all(value, `${path}${key}.`) : [`${path}${key} ${typeof value}`]);
      return Object.values(words).map((said) => all(said).sort());
    }"""
    english, japanese = page.evaluate(keys)
    assert english == japanese


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "ja"])
def test_axe_finds_nothing_serious(browser: Browser, service: Service, scheme: str, locale: str) -> None:
    with visiting(browser, service.url, color_scheme=scheme, locale=locale) as page:
        put(page, "Wotakeri Anna", "2Pac", "Mori")
        choose(page, "a.csv", TABLE.encode())
        page.click("#start")
        expect(page.locator("#download")).to_be_visible()
        page.locator(".katakana [data-kana]").first.hover()
        assert violations(page) == []
        page.evaluate("document.getElementById('key-form').hidden = false")
        choose(page, "a.csv", b"")
        assert violations(page) == []


def test_a_key_is_asked_for_and_kept_in_memory(browser: Browser, tiny_folder: Path) -> None:
    keys = {"HAYAKANA_SERVE_API_KEYS": "right"}
    with (
        serving("--model", tiny_folder, env=keys) as service,
        visiting(browser, service.url, allowed=("401",)) as page,
    ):
        page.get_by_label("API key").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.locator("#key-error")).to_have_text("The service does not know this key.")
        page.get_by_label("API key").fill("right")
        page.keyboard.press("Enter")
        put(page, "Mori")
        expect(page.locator("#key-form")).to_be_hidden()
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie, location.search]") == [
            0,
            0,
            "",
            "",
        ]


def test_a_service_that_has_gone_is_told_and_asked_again(
    browser: Browser, service: Service, written: Transliterator
) -> None:
    with visiting(browser, service.url, allowed=("ERR_FAILED",)) as page:
        put(page, "Mori")
        page.route("**/v1/*", lambda route: route.abort(), times=2)
        page.fill("#names", "Kato")
        expect(page.locator("#error")).to_contain_text("The service does not answer. Trying again in 1 s.")
        expect(page.locator(".katakana")).to_have_text([written("Kato")])
        expect(page.locator("#error")).to_be_empty()


def test_what_the_service_refuses_is_told(browser: Browser, tiny_folder: Path) -> None:
    options = ("--model", tiny_folder, "--limit-body-bytes", "300")
    with serving(*options) as service, visiting(browser, service.url, allowed=("413",)) as page:
        page.fill("#names", "\n".join(f"Mori {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 2))
        expect(page.locator("#error")).to_contain_text("The service refused: ")
