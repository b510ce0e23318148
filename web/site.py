"""The page as one file, which works from a mail attachment: nothing is loaded, nothing leaves it.

The policy in its head allows the one script and the one style that it holds, by their hashes, and
nothing else: no network, no image, no form. The document is data, deflated, in base64; the page
inflates it.
"""

from __future__ import annotations

import html
import json
import re
import zlib
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from dealledger.events import BadInput
from dealledger.web.bundle import script, shell, style

LARGEST_BYTES: Final = 6_000_000
"""A page that is larger says how to make it smaller."""
_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")
_LEVEL: Final = 9
_RAW_DEFLATE: Final = -15


def site(document: Mapping[str, Any]) -> bytes:
    """Return the page about a document, as a file of its own."""
    data = b64encode(_deflated(json_bytes(document))).decode()
    return page(document["title"] or document["ledger"]["origin"], data=data).encode()


def page(title: str, *, data: str = "", source: str = "") -> str:
    """Return the HTML of the page. data: its document, deflated; source: where it asks instead."""
    asked = f' data-src="{html.escape(source)}"' if source else ""
    filled = {
        "title": html.escape(title),
        "policy": html.escape(policy("'self'" if source else "'none'")),
        "source": asked,
        "style": style(),
        "script": script(),
        "data": data,
    }
    return _PLACE.sub(lambda found: filled[found[1]], shell())


def policy(connect: str = "'none'") -> str:
    """Return the content security policy of the page. connect: where its script may ask."""
    return (
        f"default-src 'none'; script-src '{_hash(script())}'; style-src '{_hash(style())}'; "
        f"connect-src {connect}; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def json_bytes(value: Any) -> bytes:
    """Return JSON without blanks, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def checked(drawn: bytes) -> None:
    """Refuse a page that would be too large to open. Raises: BadInput."""
    if len(drawn) > LARGEST_BYTES:
        raise BadInput(
            f"the page would have {len(drawn):,} bytes, and {LARGEST_BYTES:,} are smooth",
            "less of it: --from DATE, --focus PARTY or --only TABLES; or: deals serve",
        )


def _deflated(data: bytes) -> bytes:
    """Return *data* as DecompressionStream("deflate-raw") inflates it."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW_DEFLATE)
    return packer.compress(data) + packer.flush()


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
