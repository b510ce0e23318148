"""From a number to its events, their sources, and the proof that the reader's own browser checks."""

from __future__ import annotations

import base64
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browser.paging import changed, page_of
from support.paged import document_in

from dealledger.cli.main import run
from dealledger.ledger import Ledger
from dealledger.ledger.proof.merkle import Frontier, leaf_hash

pytestmark = pytest.mark.browser

PLEDGE = "#as-of=2026-06-30&behind=edge:anthropic>microsoft:payment-promise"


def cards(page: Any) -> Any:
    return page.locator("#behind .card")


@pytest.mark.parametrize("way", ["mouse", "Enter", "Space"])
def test_an_edge_leads_to_its_events_and_sources(look: Any, way: str) -> None:
    """By mouse, also beside the thin line, or by key; the event says what, who says so, and when."""
    page = look("#as-of=2026-06-30")
    edge = page.locator(".slot[aria-label^='Anthropic PBC promised to buy from Microsoft']")
    if way == "mouse":
        line = edge.locator("path:not(.hit)")
        x, y = line.evaluate(
            "(path) => { const p = path.getPointAtLength(40), m = path.getScreenCTM();"
            " return [p.x * m.a + m.e, p.y * m.d + m.f + 4]; }"
        )
        page.mouse.click(x, y)
    else:
        edge.focus()
        page.keyboard.press(way)
    page.wait_for_selector("#behind .card")
    text = page.locator("#behind").inner_text()

    assert "Anthropic PBC promised to buy from Microsoft" in text
    assert "30,000,000,000 USD" in text
    assert re.search(r"Recorded 20\d\d-\d\d-\d\d .* as @\d+", text)
    source = page.locator("#behind .source a").first
    assert source.get_attribute("href").startswith("https://")
    assert source.get_attribute("rel") == "noopener noreferrer"
    page.keyboard.press("Escape")
    assert not page.locator("#behind").is_visible()


@pytest.mark.parametrize(
    "place",
    [
        "#view=tables&table=stakes&as-of=2026-06-30",
        "#view=tables&table=flows_party&as-of=2026-06-30",
        "#view=tables&table=commitments&as-of=2026-06-30",
        "#view=log&as-of=2026-06-30",
        "#view=difference&as-of=2026-06-30",
    ],
)
def test_a_row_leads_to_its_events(look: Any, place: str) -> None:
    """Every row of every kind of table has something behind it, with a proof."""
    page = look(place)
    page.locator("button.row").first.click()
    page.wait_for_selector("#behind .card .prove")

    assert cards(page).count() >= 1


def test_a_bar_leads_to_its_events(look: Any) -> None:
    """What is drawn can be pressed."""
    page = look("#view=charts&chart=stakes&issuer=openai&as-of=2026-06-30")
    page.wait_for_selector(".plotted .band.opens")
    # The first is of a holder that is gone by then; a band may not lie under its box's middle.
    page.locator(".plotted .band.opens").nth(1).dispatch_event("click")
    page.wait_for_selector("#behind .card")


def test_ten_proofs_hold(look: Any) -> None:
    """Each is computed from the bytes; the hashes are folded away behind a tick."""
    page = look("#as-of=2026-06-30&behind=events:1,2,3,100,150,200,237,300,334,335")
    for _ in range(10):
        page.locator(".prove:enabled").first.click()
    page.wait_for_selector(":nth-match(.verdict.holds, 10)")

    assert page.locator(".verdict.fails").count() == 0
    assert "is number 1 of the 337 events" in cards(page).first.inner_text()
    assert not page.locator(".hashes").first.is_visible()
    page.locator(".proof summary").first.click()
    assert re.search(r"[0-9a-f]{64}", page.locator(".hashes").first.inner_text())


def test_all_proofs_hold(look: Any) -> None:
    """At one press, with the checkpoint beside them."""
    page = look("#behind=record:checkpoint")
    page.click("text=Check all 337 events")
    page.wait_for_selector(".verdict.holds:has-text('all 337 events')")

    assert "Nobody signed this checkpoint" in page.locator(".trust").inner_text()


def _other_amount(document: Any) -> None:
    bodies = document["record"]["bodies"]
    place = next(i for i, body in enumerate(bodies) if '"id":"D131"' in body)
    bodies[place] = bodies[place].replace('"amount":"30000000000"', '"amount":"30000000001"')


def _other_leaf_too(document: Any) -> None:
    """A forger who knows how hashes are made also writes the leaf of the changed bytes."""
    from hashlib import sha256

    _other_amount(document)
    record = document["record"]
    place = next(i for i, body in enumerate(record["bodies"]) if "30000000001" in body)
    leaves = bytearray(base64.b64decode(record["leaves"]))
    leaves[32 * place : 32 * place + 32] = sha256(b"\0" + record["bodies"][place].encode()).digest()
    record["leaves"] = base64.b64encode(leaves).decode()


def _swapped(document: Any) -> None:
    bodies = document["record"]["bodies"]
    place = next(i for i, body in enumerate(bodies) if '"id":"D131"' in body)
    bodies[place], bodies[place + 1] = bodies[place + 1], bodies[place]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (_other_amount, "its bytes were changed"),
        (_other_leaf_too, "does not lead to the checkpoint's root"),
        (_swapped, "its bytes were changed"),
    ],
)
def test_a_changed_byte_turns_the_proof_red(
    look: Any, demo_page: Path, tmp_path: Path, change: Any, word: str
) -> None:
    """And it says which event is wrong, alone and among all."""
    forged = changed(demo_page, tmp_path / "forged.html", change)
    page = look("#view=log&as-of=2026-06-30&filter=D131", file=forged)
    page.locator("button.row").first.click()
    page.click("#behind .prove")
    page.wait_for_selector("#behind .verdict.fails")

    assert word in page.locator(".verdict.fails").inner_text()
    assert "D131" in page.locator(".verdict.fails").inner_text()
    red = page.locator(".verdict.fails").evaluate("(e) => getComputedStyle(e).color")
    assert red == "rgb(179, 38, 30)"
    whole = look("#behind=record:checkpoint", file=forged)
    whole.click("text=Check all")
    whole.wait_for_selector(".verdict.fails")
    said = whole.locator(".trust").inner_text()
    assert "D131" in said or "do not make the checkpoint's root" in said


def test_a_checkpoint_from_elsewhere_is_compared(look: Any, demo: Ledger) -> None:
    """The same, an earlier one, another root, another ledger, none at all."""
    now = demo.checkpoint().body()
    origin, _, root = now.split("\n")[:3]
    page = look("#behind=record:checkpoint")
    area = page.locator(".paste textarea").first

    def compared(text: str) -> str:
        area.fill(text)
        page.locator(".paste button").first.click()
        page.wait_for_selector(".paste .verdict")
        return str(page.locator(".paste .verdict").first.inner_text())

    assert "the same record" in compared(now)
    assert "of another ledger" in compared(f"example.org/other\n337\n{root}\n")
    assert "are not those" in compared(f"{origin}\n337\n{base64.b64encode(bytes(32)).decode()}\n")
    assert "covers 400 events" in compared(f"{origin}\n400\n{root}\n")
    assert "no checkpoint" in compared("<b>hello</b>")


def test_an_earlier_checkpoint_is_found_in_the_record(look: Any, demo_page: Path) -> None:
    """Its root is computed anew from the first leaves of the page."""
    document = document_in(demo_page.read_text(encoding="utf-8"))
    leaves = [leaf_hash(body.encode()) for body in document["record"]["bodies"][:100]]
    root = base64.b64encode(Frontier().extended(leaves).root()).decode()
    page = look("#behind=record:checkpoint")
    page.locator(".paste textarea").first.fill(f"{document['ledger']['origin']}\n100\n{root}\n")
    page.locator(".paste button").first.click()
    page.wait_for_selector(".paste .verdict.holds:has-text('first 100 of these 337 events')")


def test_a_signed_page_says_by_whom(
    look: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page's own key is checked; another key of the same name is refused."""
    for name in ("ours", "theirs"):
        made = ["key", "new", "-o", str(tmp_path / name), "--name", "example.org/made-up"]
        assert run(made) == 0
    theirs = capsys.readouterr().out.split()[-1]
    file = page_of(tmp_path, [], date(2026, 1, 1), key=tmp_path / "ours")
    page = look("#behind=record:checkpoint", file=file)
    page.wait_for_selector(".trust .verdict.holds:has-text('signed by example.org/made-up')")
    page.locator(".paste textarea").nth(1).fill(theirs)
    page.locator(".paste button").nth(1).click()
    page.wait_for_selector(".paste .verdict.fails:has-text('not signed by')")


def test_corrections_are_shown_before_and_after(look: Any, tmp_path: Path) -> None:
    """What was taken back is struck through and leads to what took its place, and back."""
    parties = [
        {
            "kind": "party",
            "id": f"P{name}",
            "party": name,
            "name": name.title(),
            "effective_on": "2024-01-01",
        }
        for name in ("ana", "bob")
    ]
    paid = {
        "kind": "payment", "payer": "ana", "payee": "bob", "currency": "USD",
        "effective_on": "2024-02-01", "source_url": "https://example.org/a", "source_title": "A",
    }  # fmt: skip
    file = page_of(
        tmp_path,
        [
            *parties,
            {**paid, "id": "WRONG", "amount": "10"},
            {**paid, "id": "RIGHT", "amount": "12"},
            {"kind": "retraction", "id": "BACK", "retracts": "WRONG", "replaced_by": "RIGHT", "reason": "a typing error", "effective_on": "2024-02-01"},
        ],
        date(2024, 12, 31),
    )  # fmt: skip
    page = look("#behind=events:3", file=file)

    assert page.locator(".card.taken").count() == 1
    assert "Taken back by BACK, replaced by RIGHT: a typing error" in cards(page).inner_text()
    page.click(".card >> text=RIGHT")
    page.wait_for_selector(".card:has-text('A correction of WRONG')")
    assert json.dumps(page.locator(".card .amount").inner_text()) == '"12 USD"'
