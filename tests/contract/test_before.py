"""A ledger of store version 2 as it was made when that was new: it stays a ledger, byte for byte."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

from support.given import pays

from dealledger.ledger import Ledger

KEPT = Path(__file__).parent.parent / "cases" / "ledger-2.db.gz"
ROOT = "5bf777a4c0a7c1b4432fb854b7dee7edcaff6b4eacb37815ea1b842a06a608af"


def test_a_ledger_that_was_made_before(tmp_path: Path) -> None:
    """It opens, answers, verifies and takes appends. A change here breaks the ledgers of others."""
    path = tmp_path / "deals.db"
    path.write_bytes(gzip.decompress(KEPT.read_bytes()))
    with Ledger.open(path) as ledger:
        assert (7, ROOT) == (ledger.head().size, ledger.at(date.max).root)
        assert [("acme", "beta", 700)] == [
            (each.source, each.target, each.minor) for each in ledger.at(date.max).sums()
        ]
        found = ledger.verify()
        assert (7, ROOT, ()) == (found.events, found.root, found.findings)
        ledger.append([pays("Q", "1")])
        assert () == ledger.verify().findings
