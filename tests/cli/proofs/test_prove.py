"""deals prove: the file that proves an event, of now or of an earlier checkpoint."""

from __future__ import annotations

import base64
from pathlib import Path

from support.given import recorded
from support.proving import LINES, MOMENT, ORIGIN, VKEY, Deals, failed, grow, rewrite

from dealledger.ledger import Ledger


def test_a_proof_to_stdout_is_the_file(deals: Deals) -> None:
    """Without -o the proof is printed; the record's stored bytes go along."""
    deals("prove f1 --key ledger.key -o p")
    done = deals("prove f1 --key ledger.key")
    extra = done.out.splitlines()[1].removeprefix("extra ")
    with Ledger.open("deals.db") as opened:
        found = opened.find("f1")

    assert Path("p").read_text() == done.out
    assert found
    assert found.body == base64.b64decode(extra)


def test_a_proof_can_be_of_an_earlier_checkpoint(deals: Deals) -> None:
    """One that was handed out and maybe cosigned stays as it is; the proof is of its size."""
    deals("checkpoint --key ledger.key -o c")
    grow()

    assert (0, "wrote p: f1 is @3 of 5\n", "") == deals("prove f1 --checkpoint c -o p")
    assert Path("p").read_bytes().endswith(b"\n\n" + Path("c").read_bytes())
    assert 0 == deals(f"verify-proof p --vkey {VKEY}").code
    assert failed(
        2,
        "p-x was recorded later, @6; the checkpoint is @5 (take a new one with: deals checkpoint)",
    ) == deals("prove p-x --checkpoint c -o q")
    assert failed(
        2, "--key and --checkpoint exclude each other (--key signs a new checkpoint)"
    ) == deals("prove f1 --checkpoint c --key ledger.key -o q")
    assert not Path("q").exists()


def test_an_unknown_event_is_not_proven(deals: Deals) -> None:
    """The message names the closest."""
    assert failed(2, "unknown event 'p-m' (did you mean p-n or p-l?)") == deals("prove p-m -o p")
    assert not Path("p").exists()


def test_a_forked_ledger_proves_nothing_of_an_old_checkpoint(deals: Deals) -> None:
    """The event is in the ledger, and not in the record that was handed out."""
    deals("checkpoint -o c")
    rewrite("6")

    assert failed(1, "forked: the record up to @5 is not that of the checkpoint") == deals(
        "prove f1 --checkpoint c -o p"
    )


def test_everything_works_on_every_database(deals: Deals, ledger_url: str) -> None:
    """Checkpoint, proof and comparison, on SQLite and PostgreSQL."""
    name = ledger_url.replace("deals.db", "second.db")
    recorded(LINES, ORIGIN, MOMENT, name)

    assert deals("checkpoint").out == deals(f"--ledger {name} checkpoint").out
    assert 0 == deals(f"--ledger {name} checkpoint --key ledger.key -o c").code
    assert 0 == deals(f"--ledger {name} prove r2 --checkpoint c -o p").code
    assert 0 == deals(f"--ledger {name} verify --checkpoint c --vkey {VKEY}").code
    assert 0 == deals(f"verify-proof p --vkey {VKEY}").code
