"""Where a browser is that shows the page to tests and measurements, and how it is started.

In this order: the one that `$DEALS_BROWSER` names, a Chromium on the path, the one that
`make browser` unpacked. Only the last brings its own libraries and fonts.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

PREFIX = Path(sys.prefix) / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no browser: make browser"

# A page that is tested for silence must not be spoken over by the browser's own errands.
QUIET = (
    "--no-sandbox",
    "--no-zygote",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--force-color-profile=srgb",
)


class Browser(NamedTuple):
    """A program that is a Chromium, and the variables that it needs."""

    program: Path
    needs: dict[str, str]


def find_browser(prefix: Path = PREFIX) -> Browser | None:
    """Return the first browser that there is, or None.

    Raises: FileNotFoundError, if `$DEALS_BROWSER` names no file: who names one wants that one.
    """
    if named := os.environ.get("DEALS_BROWSER"):
        if not Path(named).is_file():
            raise FileNotFoundError(f"$DEALS_BROWSER names no file: {named}")
        return Browser(Path(named), {})
    for name in NAMES:
        if found := shutil.which(name):
            return Browser(Path(found), {})
    if (prefix / "chromium").is_file():
        fonts = str(prefix / "fontconfig" / "fonts.conf")
        libraries = os.pathsep.join(
            filter(None, [str(prefix / "lib"), os.environ.get("LD_LIBRARY_PATH")])
        )
        needs = {"LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": fonts}
        return Browser(prefix / "chromium", needs)
    return None


def is_required() -> bool:
    """Say whether tests must fail, not be skipped, where there is no browser."""
    return os.environ.get("DEALS_BROWSER_REQUIRED", "") not in {"", "0"}
