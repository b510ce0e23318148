"""The client's modules become one script that a page can carry, and stay small."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from dealledger.web.bundle import CLIENT, script, shell, style
from dealledger.web.packing import packed

SMALL = 450


def test_modules_are_joined_in_the_order_of_need(tmp_path: Path) -> None:
    """What is imported comes first, once, in a scope of its own."""
    (tmp_path / "page.js").write_text(
        'import { twice as double } from "./b.js";\nimport { one } from "./a.js";\n\n'
        "/** Start. */\ndouble(one); // once\n"
    )
    (tmp_path / "b.js").write_text(
        'import {\n  one,\n} from "./a.js";\n\n/**\n * Long.\n */\n'
        "export const twice = (/** @type {number} */ n) => n * 2 * one;\n"
    )
    (tmp_path / "a.js").write_text(
        "/*! licence */\n// note\nexport const one = 1;\nconst two = 2;\n"
    )

    expected = (
        "const $a=(()=>{const one=1;const two=2;return{one};})();"
        "const $b=(()=>{const{one}=$a;const twice=(n)=>n*2*one;return{twice};})();"
        "const{twice:double}=$b;const{one}=$a;double(one);"
    )
    assert expected == script(tmp_path).replace("\n", "")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a + +b; a - -b;  a + ++b", "a + +b;a - -b;a + ++b"),
        ("let q = 1\n  foo()\n", "let q=1\nfoo()"),
        ("x = y\n/2/1", "x=y\n/2/1"),
        ("f( // why\n  { a: 1 },\n)", "f({a:1},)"),
        ("a /* so */ in b", "a in b"),
        ('s.replace(/[/"] +/g, "  ") / 2', 's.replace(/[/"] +/g,"  ")/2'),
        ("return / x /.test(y)", "return/ x /.test(y)"),
        ("'it // is' + \"/* text */\"", "'it // is'+\"/* text */\""),
        (
            "`a  ${ b ? `c  ${d.replace(/`/g, '}')}` : '' }  //`  ;",
            "`a  ${b?`c  ${d.replace(/`/g,'}')}`:''}  //`;",
        ),
        ("/*! licence */ x", "x"),
    ],
)
def test_what_only_people_read_is_left_out(source: str, expected: str) -> None:
    """Texts, templates and patterns stay as they are, and so does what ends a statement."""
    assert expected == packed(source)


def test_the_page_is_small() -> None:
    """Under 42 KB as it is sent, with the licence of what is not ours."""
    text = script()

    assert len(gzip.compress(text.encode(), 9)) < 42_000
    assert "Copyright 2015, Mike Bostock" in shell()


@pytest.mark.parametrize("path", sorted(CLIENT.iterdir()), ids=lambda path: path.name)
def test_files_of_the_client_are_small(path: Path) -> None:
    """Each is one thing, and says what; none parses text as HTML or evaluates it."""
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= SMALL
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text)
    assert "://" not in re.sub(r"http://(www\.w3\.org|schemas\.openxmlformats\.org)/", "", text)


def test_the_shell_has_its_places() -> None:
    """Each placeholder stands there once, the script and the style directly between their tags."""
    text = shell()

    for name in ("policy", "style", "script", "source", "data"):
        assert 1 == text.count(f"{{{{{name}}}}}"), name
    assert "<style>{{style}}</style>" in text
    assert '<script type="module">{{script}}</script>' in text
    assert "</style" not in style()
    assert "</script" not in script()
