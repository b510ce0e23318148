"""Pages for tests: of made-up ledgers, and of the demo with a byte that was changed."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from dealledger.cli.sealing import sealed
from dealledger.events import parse_event
from dealledger.ledger import Ledger
from dealledger.web.page import PageAsked, page_document
from dealledger.web.site import site

_DATA = re.compile(r'(<script type="application/octet-stream;base64" id="data">)([^<]*)(<)')


def page_of(
    folder: Path,
    events: Iterable[dict[str, Any]],
    last: date,
    *,
    title: str | None = None,
    key: Path | None = None,
) -> Path:
    """Write the page of a ledger that holds *events*."""
    file = folder / "page.html"
    with Ledger.create(folder / "deals.db", origin="example.org/made-up") as ledger:
        ledger.append(parse_event(each) for each in events)
        file.write_bytes(site(page_document(ledger, PageAsked(last, title), sealed(ledger, key))))
    return file


def changed(page: Path, to: Path, change: Callable[[Any], None]) -> Path:
    """Write *page* again with a document that *change* has changed, as a forger would."""
    text = page.read_text(encoding="utf-8")
    found = _DATA.search(text)
    assert found
    document = json.loads(zlib.decompress(b64decode(found[2]), -15))
    change(document)
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(json.dumps(document, ensure_ascii=False).encode()) + packer.flush()
    data = b64encode(packed).decode()
    to.write_text(text[: found.start(2)] + data + text[found.end(2) :], encoding="utf-8")
    return to
