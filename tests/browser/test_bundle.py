"""The client's modules become one script that a page can carry, and stay small."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from dealledger.web.bundle import CLIENT, script, shell, style

SMALL = 450


def test_modules_are_joined_in_the_order_of_need(tmp_path: Path) -> None:
    """What is imported comes first, once, in a scope of its own; comments stay behind."""
    (tmp_path / "page.js").write_text(
        'import { twice as double } from "./b.js";\nimport { one } from "./a.js";\n\n'
        "/** Start. */\ndouble(one); // stays\n"
    )
    (tmp_path / "b.js").write_text(
        'import {\n  one,\n} from "./a.js";\n\n/**\n * Long.\n */\n'
        "export const twice = (/** @type {number} */ n) => n * 2 * one;\n"
    )
    (tmp_path / "a.js").write_text(
        "/*! licence */\n// note\nexport const one = 1;\nconst two = 2;\n"
    )

    expected = (
        "const $a = (() => {\n/*! licence */\nconst one = 1;\nconst two = 2;\nreturn {one};\n})();\n"
        "const $b = (() => {\nconst {one} = $a;\nconst twice = (n) => n * 2 * one;\n"
        "return {twice};\n})();\n"
        "const {twice: double} = $b;\nconst {one} = $a;\ndouble(one); // stays\n"
    )
    assert expected == script(tmp_path)


def test_the_page_is_small() -> None:
    """Under 48 KB as it is sent, with the licence of what is not ours."""
    text = script()

    assert len(gzip.compress(text.encode(), 9)) < 48_000
    assert "Copyright 2015, Mike Bostock" in text


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
