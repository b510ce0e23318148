"""Pictures: every text is drawn literally, SVG is fit for browsers, and failures are clear."""

from __future__ import annotations

import os
import re
import shutil
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest

from dealledger.events import DealLedgerError, Money
from dealledger.events.text import visible
from dealledger.projections.alliances import Alliances, Edge, Node
from dealledger.projections.diagram import render as module
from dealledger.projections.diagram.plan import describe, dot_text
from dealledger.projections.diagram.render import render

SVG = "{http://www.w3.org/2000/svg}"
REAL_DOT = shutil.which("dot")

HOSTILE = [
    pytest.param('<<TABLE HREF="javascript:alert(1)"><TR><TD>x</TD></TR></TABLE>>', id="61-table"),
    pytest.param('<TABLE HREF="javascript:alert(1)">', id="61-tag"),
    pytest.param("<b>x</b>", id="62-bold"),
    pytest.param("<x> & <y>", id="62-ampersand"),
    pytest.param("ends in \\", id="63-backslash"),
    pytest.param('quote " \\" end\\"', id="63-quotes"),
    pytest.param("\\N \\G \\L \\E \\T \\H", id="64-names"),
    pytest.param("a\\nb\\lc\\r", id="64-breaks"),
    pytest.param("&#x202e;gnp &lt; AT&amp;T", id="65-entities"),
    pytest.param("\u202egnp\u200b", id="65-direction"),
    pytest.param("bell \x07 escape \x1b[31m", id="66-control"),
    pytest.param("\uffff \ufffe \ud800", id="66-no-characters"),
    pytest.param("nul \x00 end", id="67-nul"),
    pytest.param("long " * 4_000, id="67-words"),
    pytest.param("x" * 20_000, id="67-word"),
    pytest.param("]]> --> <!-- <?xml ?>", id="66-xml"),
    pytest.param("/etc/passwd.svg", id="68-path"),
    pytest.param("node", id="69-keyword"),
    pytest.param("a:b", id="69-port"),
    pytest.param("<script>alert(1)</script>", id="71-script"),
]


def small_web(name: str, *, slug: str = "a", right: str = "warrant") -> Alliances:
    """Two parties, one of them of this name, joined by money and by a right."""
    nodes = (Node(slug, name, ("lab", name)), Node("zz", "Other", ("cloud",)))
    edges = (
        Edge("payment", slug, "zz", False, (Money("USD", 10**12),), events=("r1",)),
        Edge("right", "zz", slug, rights=(right,), events=(right,)),
    )
    return Alliances(date(2025, 12, 31), 15, None, name[:8], nodes, edges)


def drawn(web: Alliances) -> ET.Element:
    """Return the SVG of a web as XML."""
    picture = render(dot_text(web, web), "svg", title="Title", description=describe(web, web))
    return ET.fromstring(picture)


def group(root: ET.Element, identifier: str) -> ET.Element:
    """Return the group of a party or an edge."""
    return next(each for each in root.iter(f"{SVG}g") if each.get("id") == identifier)


def words(element: ET.Element) -> str:
    """Return the text that is drawn, without blanks: lines are broken where they fit."""
    lines = [each.text or "" for each in element.iter(f"{SVG}text")]
    return re.sub(r"\s", "", "".join(lines))


@pytest.fixture(autouse=True, params=["program", "process"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Draw each test with the program, where it is installed, and within the process."""
    if request.param == "program" and REAL_DOT is None:
        pytest.skip("Graphviz is not installed")
    monkeypatch.setattr(
        shutil, "which", lambda name: REAL_DOT if request.param == "program" else None
    )
    return str(request.param)


class TestText:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_of_a_name_is_drawn_literally(self, name: str) -> None:
        """A name is drawn and told as it is; it is never markup, an escape or a link."""
        root = drawn(small_web(name))
        party = group(root, "n1")
        expected = re.sub(r"\s", "", visible(name))
        shown = words(party)
        title = party.find(f"{SVG}title")

        assert title is not None
        assert (title.text or "").startswith(visible(name)[:1_500])
        assert shown == expected or (shown.endswith("…") and expected.startswith(shown[:-1]))
        assert len(shown) >= min(len(expected), 25)

    @pytest.mark.parametrize("right", HOSTILE)
    def test_of_an_edge_is_drawn_literally(self, right: str) -> None:
        """A right's name is drawn literally in the label of its edge, which is markup."""
        edge = group(drawn(small_web("A", right=right)), "e2")
        expected = re.sub(r"\s", "", visible(right))
        shown = words(edge)

        assert shown == expected or (shown.endswith("…") and expected.startswith(shown[:-1]))
        assert len(shown) >= min(len(expected), 12)

    @pytest.mark.parametrize("name", HOSTILE)
    def test_makes_no_links_and_no_identifiers(self, name: str) -> None:
        """Identifiers are generated, each once; there are no links, scripts, styles or images."""
        root = drawn(small_web(name, slug=name))
        identifiers = [each.get("id", "") for each in root.iter() if "id" in each.attrib]
        attributes = {key for each in root.iter() for key in each.attrib}
        tags = {each.tag.removeprefix(SVG) for each in root.iter()}

        assert len(identifiers) == len(set(identifiers))
        assert all(
            re.fullmatch(r"[cehkn]\d+e?|graph0|diagram-[a-z]+", each) for each in identifiers
        )
        assert not any("href" in key or key.startswith("on") for key in attributes)
        assert tags <= {"svg", "title", "desc", "style", "g", "text", "path", "polygon", "polyline"}

    @pytest.mark.parametrize("slug", ["a:b", "node", "subgraph", "n2", "e1", "->", '"', "a b"])
    def test_of_a_slug_is_no_syntax(self, slug: str) -> None:
        """Whatever a party is called, it is one box."""
        root = drawn(small_web("Name", slug=slug))
        parties = [
            each for each in root.iter(f"{SVG}g") if "party" in each.get("class", "").split()
        ]

        assert sorted(words(each) for each in parties) == ["Name", "Other"]


class TestSvg:
    def test_is_named_for_those_who_cannot_see_it(self) -> None:
        """The picture has a role, a name, and a description that lists what it shows."""
        root = drawn(small_web("Lab"))
        title, description = root[0], root[1]

        assert (root.get("role"), title.text) == ("img", "Title")
        assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        assert description.text == (
            "Alliances as of 2025-12-31: Lab paid Other: 10.0B; Other granted a right to Lab: warrant."
        )

    def test_tells_exact_amounts_and_events(self) -> None:
        """The tooltip of an edge holds the exact amount and the events behind it."""
        title = group(drawn(small_web("Lab")), "e1").find(f"{SVG}title")

        assert title is not None
        assert title.text == "Lab → Other: revenue paid\n10000000000 USD\nevents: r1"

    def test_has_classes_for_styles(self) -> None:
        """Style sheets find parties and edges by fixed words."""
        root = drawn(small_web("Lab"))

        assert group(root, "n1").get("class") == "node party"
        assert group(root, "e1").get("class") == "edge payment there"

    def test_has_a_dark_mode_and_no_background(self) -> None:
        """The page's own background shows, and colours follow what the reader prefers."""
        root = drawn(small_web("Lab"))
        style = root.find(f"{SVG}style")
        graph = group(root, "graph0")

        assert style is not None
        assert "prefers-color-scheme: dark" in (style.text or "")
        assert ".funding:not(.promise):not(.credits) polygon" in (style.text or "")
        assert graph.find(f"{SVG}polygon") is None

    def test_says_nothing_of_graphviz(self) -> None:
        """No comment and no document type of the generator is left."""
        web = small_web("Lab")
        picture = render(dot_text(web, web), "svg", title="", description="")

        assert b"<!" not in picture
        assert b"raphviz" not in picture

    def test_hides_what_is_not_there(self) -> None:
        """The picture of an early date has the same frame and nothing of what came later."""
        late = small_web("Lab")
        early = Alliances(late.as_of, 15, None, late.root, late.nodes[:1], ())
        pictures = [
            ET.fromstring(render(dot_text(web, late), "svg", title="", description=""))
            for web in (late, early)
        ]

        assert pictures[0].get("viewBox") == pictures[1].get("viewBox")
        assert not any("hidden" in each.get("class", "") for each in pictures[1].iter())
        assert group(pictures[1], "n1") is not None
        assert "Other" not in "".join(pictures[1].itertext())


class TestForms:
    @pytest.mark.parametrize(
        ("form", "start"),
        [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml"), ("dot", b"digraph")],
    )
    def test_are_the_same_bytes_each_time(self, form: module.Form, start: bytes) -> None:
        """Each form begins as it should, and two runs give the same bytes."""
        web = small_web("Lab")
        first, second = (
            render(dot_text(web, web), form, title="T", description="D") for _ in range(2)
        )

        assert first == second
        assert first.startswith(start)

    def test_nothing_is_printed(self, capfd: pytest.CaptureFixture[str]) -> None:
        """Graphviz's remarks on fonts and sizes stay off the terminal."""
        drawn(small_web("Lab " * 100))

        assert capfd.readouterr() == ("", "")


class TestFailures:
    def test_bad_text(self) -> None:
        """Text that is no DOT is one clear error."""
        with pytest.raises(DealLedgerError, match="failed"):
            render("digraph {", "svg", title="", description="")

    def test_too_much(self) -> None:
        """Text beyond the limit is not even tried."""
        with pytest.raises(DealLedgerError, match="too large to draw"):
            render(" " * 8_000_001, "svg", title="", description="")

    def test_no_graphviz_at_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a program and without the library the error says what to install."""
        monkeypatch.setattr(shutil, "which", lambda name: None)
        monkeypatch.setitem(__import__("sys").modules, "pygraphviz", None)
        with pytest.raises(DealLedgerError, match="pip install pygraphviz"):
            render("digraph {}", "svg", title="", description="")

    @pytest.mark.slow
    @pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
    @pytest.mark.parametrize(
        ("script", "said"),
        [
            ("echo 'syntax error in line 1' >&2; exit 1", "dot failed: syntax error in line 1"),
            ("exit 3", "dot failed: no picture"),
            ("exec sleep 5", "dot took more than"),
            ("echo '<svg'", "no well-formed SVG"),
        ],
    )
    def test_of_the_program(
        self, script: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A program that fails, hangs or writes nonsense is one clear error."""
        program = tmp_path / "dot"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
        program.chmod(0o755)
        monkeypatch.setattr(shutil, "which", lambda name: str(program))
        monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.3)
        with pytest.raises(DealLedgerError, match=said):
            render("digraph {}", "svg", title="", description="")
