"""Looking: the two sliders, the keys, the views, addresses, themes, a phone, paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

DATE = "#asof-date"


def said(page: Any, selector: str) -> str:
    return str(page.locator(selector).inner_text())


def boxes(page: Any) -> dict[str, str]:
    """Where the parties stand: the outline of each, by its name."""
    nodes = page.locator(".slot:has(.party):not(.removed)")
    return {
        node.get_attribute("aria-label"): node.locator("path, polygon").first.get_attribute("d")
        or node.locator("polygon").first.get_attribute("points")
        for node in nodes.all()
    }


def test_the_page_opens_at_its_last_day(look: Any) -> None:
    """The diagram, its date, the list of all edges, and where the number of them comes from."""
    page = look()

    assert said(page, DATE) == "30 June 2026"
    assert page.locator(".picture .slot[role=button]").count() > 50
    page.wait_for_selector(".edges tbody tr")
    count = int(said(page, ".edges .count").split()[0])
    assert page.locator(".edges tbody tr").count() == count > 100
    assert f"of {count} edges" in said(page, ".standfirst")


def test_parties_keep_their_places_on_both_axes(look: Any) -> None:
    """While dates and knowledge move, whoever is there stands where it stood."""
    page = look("#as-of=2026-06-30")
    now = boxes(page)
    page.locator("#asof").focus()
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    then = boxes(page)
    page.locator("#then").check()
    public = boxes(page)

    assert len(now.keys() & then.keys()) > 10
    for earlier in (then, public):
        assert {name: now[name] for name in now.keys() & earlier.keys()} == {
            name: earlier[name] for name in now.keys() & earlier.keys()
        }


def test_the_slider_moves_by_hand_and_by_event(look: Any) -> None:
    """Dragging stops on days of the record; arrows go to the next event; the address follows."""
    page = look()
    track = page.locator("#asof").bounding_box()
    page.mouse.click(track["x"] + track["width"] / 2, track["y"] + track["height"] / 2)
    middle = said(page, DATE)
    page.click("#on")
    after = said(page, DATE)
    page.click("#back")

    assert middle != after != "30 June 2026"
    assert re.search(r"20(22|23)", middle)
    page.keyboard.press("End")
    page.wait_for_selector(f"{DATE}:text('30 June 2026')")
    page.wait_for_timeout(400)
    assert "as-of=2026-06-30" in page.url


def test_what_was_known_is_a_slider_and_a_switch(look: Any) -> None:
    """Less was known then: lines go, and the page says what it goes by."""
    page = look("#as-of=2026-06-30")
    known = page.locator("#known")
    page.wait_for_selector(".edges tbody tr")
    all_of_them = page.locator(".edges tbody tr").count()
    known.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    fewer = page.locator(".edges tbody tr").count()

    assert fewer < all_of_them
    assert "announced by" in said(page, "#known-said")
    page.locator("#then").check()
    assert "announced by 30 Jun 2026" in said(page, "#known-said")
    assert known.is_disabled()


def test_play_runs_and_stops(look: Any) -> None:
    """Space plays from the first day when it stands at the last, and stops."""
    page = look()
    page.locator("#main").focus()
    page.keyboard.press("Space")
    page.wait_for_selector("#play[aria-pressed=true]")
    page.wait_for_timeout(900)
    page.keyboard.press("Space")
    page.wait_for_selector("#play[aria-pressed=false]")

    assert "20" in said(page, DATE)
    assert said(page, DATE) != "30 June 2026"


def test_changes_since_the_mark_are_shown(look: Any) -> None:
    """A mark stays where it was set, and what came since is marked and listed."""
    page = look("#as-of=2025-06-30")
    page.locator("#main").focus()
    page.keyboard.press("m")
    page.keyboard.press("End")
    page.wait_for_selector("#changes:has-text('Since the mark of 30 Jun')")

    assert page.locator(".slot.added").count() > 10
    assert page.locator("#changes li.added").count() > 5
    page.click("text=Take the mark away")
    page.wait_for_selector("#changes:has-text('Since the event before')")


def test_search_finds_by_typing(look: Any) -> None:
    """`/` opens it; parties, edges, tables and events are found; Enter goes there."""
    page = look()
    page.keyboard.press("/")
    page.keyboard.type("softbank group")
    assert page.locator("#found li").count() > 1
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:text('SoftBank Group')")
    page.keyboard.press("?")
    page.wait_for_selector("#help[open] kbd")
    page.keyboard.press("Escape")

    assert not page.locator("#help").is_visible()
    assert "party=softbank" in page.url


ADDRESSES = (
    "#view=diagram&as-of=2025-10-28&known=then",
    "#view=diagram&as-of=2025-10-28&since=2024-12-31&behind=edge:microsoft>openai:funding",
    "#view=charts&as-of=2026-06-30&chart=due",
    "#view=charts&as-of=2026-06-30&chart=stakes&issuer=openai",
    "#view=tables&as-of=2025-12-31&table=flows_pair&sort=-net&filter=openai",
    "#view=party&as-of=2026-06-30&party=openai&with=microsoft",
    "#view=difference&as-of=2026-06-30&from=2024-12-31&from-known=then",
    "#view=log&as-of=2023-01-31",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_leads_back_to_the_same_view(look: Any, address: str) -> None:
    """What can be chosen stands in the fragment; opened again it shows the same."""
    page = look(address)
    page.wait_for_timeout(250)
    first = page.locator("main").inner_html()
    assert "2026" not in said(page, DATE) or "as-of=2026" in address
    page.keyboard.press("Escape")
    page.click("#theme")
    page.wait_for_timeout(400)
    kept = "#" + page.url.split("#")[1]

    again = look(kept)
    again.wait_for_timeout(250)
    second = again.locator("main").inner_html()
    assert {*address[1:].split("&")} - {
        each for each in address[1:].split("&") if "behind" in each
    } <= {*kept[1:].split("&")}
    if "behind" not in address:
        assert first == second


def test_both_themes(look: Any) -> None:
    """The system's, until the reader switches; ink and paper change places."""
    paper = "getComputedStyle(document.body).backgroundColor"
    light, dark = look(color_scheme="light"), look(color_scheme="dark")
    assert light.evaluate(paper) != dark.evaluate(paper)
    light.click("#theme")
    assert light.evaluate(paper) == dark.evaluate(paper)
    light.wait_for_timeout(400)
    assert "theme=dark" in light.url


@pytest.mark.parametrize(
    "view", ["diagram", "charts", "tables", "party", "difference", "story", "log"]
)
def test_a_phone(look: Any, view: str) -> None:
    """Nothing lies beyond the edge; in the diagram the list comes first, and the picture scrolls."""
    page = look(f"#view={view}", size=(390, 844), has_touch=True)
    page.wait_for_timeout(250)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if view == "diagram":
        first, second = (
            page.locator("main .edges").bounding_box(),
            page.locator(".frame").bounding_box(),
        )
        assert first["y"] < second["y"]
        assert page.locator(".picture").bounding_box()["width"] > 1000
        assert "300.0B" in said(page, ".edges tbody tr:first-child")


def test_print_gives_a_clean_page(look: Any, tmp_path: Path) -> None:
    """On paper there is nothing to press, all rows are there, and sources have their addresses."""
    page = look("#view=tables&table=commitments&as-of=2026-06-30", color_scheme="dark")
    page.emulate_media(media="print")

    assert not page.locator("#timebar").is_visible()
    assert not page.locator(".grid-tools").first.is_visible()
    assert page.locator("#point").is_visible()
    heights = page.evaluate(
        "[...document.querySelectorAll('.scroller')].map((e) => e.scrollHeight - e.clientHeight)"
    )
    assert max(heights) <= 1
    page.set_viewport_size({"width": 760, "height": 1080})
    assert page.evaluate("document.documentElement.scrollWidth") <= 760
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(path=tmp_path / "page.pdf").startswith(b"%PDF")


def test_embedded_the_view_stands_alone(look: Any) -> None:
    """For a frame on another page: the diagram and its sliders, no masthead, no lists."""
    page = look("#embed=diagram&as-of=2025-10-28")

    assert page.locator(".picture").is_visible()
    assert page.locator("#timebar").is_visible()
    assert not page.locator("#masthead").is_visible()
    assert not page.locator(".edges").is_visible()


def test_the_picture_is_a_file_of_its_own(look: Any) -> None:
    """The SVG that is taken away has its colours, and no part of the page."""
    page = look("#as-of=2025-10-28")
    with page.expect_download() as taken:
        page.click(".picture-tools >> text=SVG")
    text = taken.value.path().read_text()

    assert text.startswith("<svg")
    assert "as of 2025-10-28" in text
    assert 'class="hit"' not in text
    assert "var(--" not in text


CHARTS = ("stakes", "cash", "due", "circularity", "concentration", "exposure", "shares", "terms")


@pytest.mark.parametrize("chart", CHARTS)
def test_each_chart_is_drawn_and_has_its_table(look: Any, chart: str) -> None:
    """At the last day and at an early one; the picture says in words what it shows."""
    page = look(f"#view=charts&chart={chart}&as-of=2026-06-30")
    page.wait_for_selector(".plotted")
    assert len(page.locator(".plotted").get_attribute("aria-label")) > 20
    assert page.locator(".plotted :is(rect, path, line)").count() > 5
    page.click("details.numbers > summary")
    page.wait_for_selector("details.numbers tbody tr")
    page.click("#first")
    page.wait_for_selector("figure.chart")


def test_the_undisclosed_rest_is_drawn_as_such(look: Any) -> None:
    """Before the first statement all of an issuer is hatched; what is known stacks to at most 100 %."""
    page = look("#view=charts&chart=stakes&issuer=openai&as-of=2026-06-30")
    page.wait_for_selector(".plotted")

    assert page.locator(".plotted .undisclosed").count() == 1
    label = page.locator(".plotted").get_attribute("aria-label")
    shares = [float(each) for each in re.findall(r"(\d+\.\d) %", label)]
    assert 60 < sum(shares) < 100


def test_a_party_has_a_page(look: Any) -> None:
    """Who it is, who holds it, what it owes and is owed, its part of the picture, its events."""
    page = look("#view=party&party=openai&with=microsoft&as-of=2026-06-30")
    page.wait_for_selector(".part")
    heads = page.locator("h2").all_inner_texts()

    assert said(page, "h1") == "OpenAI Group PBC"
    assert {"Who holds it", "What it owes: commitments to others", "Rights that it granted"} <= {
        *heads
    }
    assert "Between OpenAI Group PBC and Microsoft" in heads
    assert page.locator(".picture .slot:not(.far) .edge").count() > 10
    assert int(said(page, "#main > section.part .count").split()[0]) > 40


def test_a_difference_says_what_came_and_went(look: Any) -> None:
    """In words, in the picture, and for every table."""
    page = look("#view=difference&from=2025-06-30&as-of=2026-06-30")
    page.wait_for_selector(".grid tbody tr")
    words = page.locator(".grid").first.locator("tbody tr th").all_inner_texts()

    assert {"came", "changed"} <= {*words} <= {"came", "changed", "went"}
    assert page.locator(".slot.added").count() > 10
    page.click("text=Side by side")
    assert page.locator(".beside .picture").count() == 2
    page.select_option("#difference-table", "flows_party")
    page.wait_for_selector("td:has-text('Out')")


def test_the_story_leads_through_the_page(look: Any) -> None:
    """Each step sets date and view; its figures open their events; keys turn the leaf."""
    page = look("#view=story")
    steps = int(said(page, ".turn span").split(" of ")[1])
    titles = [said(page, ".telling h1")]
    for _ in range(steps - 1):
        page.click(".turn .next")
        titles.append(said(page, ".telling h1"))
        page.wait_for_selector(".stage :is(.picture, .plotted, tbody, .part)")

    assert steps >= 11
    assert len(set(titles)) == steps
    assert page.locator(".turn .next").is_disabled()
    page.locator("#main").focus()
    page.keyboard.press("ArrowLeft")
    assert said(page, ".telling h1") == titles[-2]
    page.goto(page.url.split("#")[0] + "#view=story&step=5")
    page.locator("button.figure").first.click()
    page.wait_for_selector("#behind .card .prove")
