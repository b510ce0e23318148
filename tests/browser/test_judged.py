"""What others judge: axe on accessibility, TypeScript on types."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.browser import PREFIX, is_required

CLIENT = Path(__file__).parents[2] / "web" / "client"
MODULES = PREFIX / "node_modules"
VIEWS = (
    "view=diagram",
    "view=diagram&behind=edge:anthropic>microsoft:payment-promise",
    "view=diagram&behind=record:checkpoint",
    *(f"view=charts&chart={name}" for name in ("stakes", "cash", "due", "circularity")),
    *(f"view=charts&chart={name}" for name in ("concentration", "exposure", "shares", "terms")),
    "view=tables&table=stakes",
    "view=tables&table=commitments",
    "view=party",
    "view=party&party=openai&with=microsoft",
    "view=difference",
    "view=log",
    "view=story",
    "view=story&step=5",
    "embed=diagram",
)


def needed(name: str) -> Path:
    """Return a file of the tools, or skip: they come with `make browser`."""
    file = MODULES / name
    if not file.exists():
        if is_required():
            pytest.fail("no tools: make browser", pytrace=False)
        pytest.skip("no tools: make browser")
    return file


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(look: Any, view: str, theme: str) -> None:
    """Contrast, names, roles, order: on each view, in both themes."""
    axe = needed("axe-core/axe.min.js").read_text()
    page = look(f"#as-of=2026-06-30&{view}", color_scheme=theme, reduced_motion="reduce")
    page.wait_for_timeout(200)
    page.evaluate(axe)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]

    serious = [
        f"{each['id']}: {each['nodes'][0]['html'][:150]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]
    assert [] == serious


@pytest.mark.browser
def test_dialogs_are_accessible(look: Any) -> None:
    """Search and help too."""
    axe = needed("axe-core/axe.min.js").read_text()
    page = look("#as-of=2026-06-30")
    for key in ("/", "?"):
        page.locator("#main").focus()
        page.keyboard.press(key)
        page.wait_for_selector("dialog[open]")
        page.evaluate(axe)
        found = page.evaluate("axe.run('dialog[open]', {resultTypes: ['violations']})")
        assert [] == [each["id"] for each in found["violations"] if each["impact"] != "minor"]
        page.keyboard.press("Escape")


@pytest.mark.browser
def test_types_hold(tmp_path: Path) -> None:
    """The client's types stand in its comments, and are checked."""
    compiler = needed(".bin/tsc")
    (tmp_path / "tsconfig.json").write_text(
        json.dumps(
            {
                "compilerOptions": {
                    "allowJs": True, "checkJs": True, "noEmit": True, "strict": True, "types": [],
                    "target": "ES2023", "module": "ES2022", "lib": ["ES2023", "DOM", "DOM.Iterable"],
                },
                "include": [f"{CLIENT}/*.js"],
            }
        )
    )  # fmt: skip
    done = subprocess.run(
        [Path(sys.prefix) / "bin" / "node", compiler.resolve(), "-p", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "" == done.stdout
    assert done.returncode == 0
