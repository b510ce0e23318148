"""deals key: a secret file that is the owner's alone."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from support.proving import ORIGIN, VKEY, Deals, failed

from dealledger.ledger.proof.note import SigningKey


def test_a_new_key_is_secret(deals: Deals) -> None:
    """The file is the owner's alone, the vkey is printed, and both belong together."""
    done = deals("key new -o new.key")
    key = SigningKey.parse(Path("new.key").read_text().removesuffix("\n"))

    assert (0, f"{key.verifier()}\n", "") == done
    assert ORIGIN == key.name
    assert 0o600 == stat.S_IMODE(Path("new.key").stat().st_mode)
    assert key != SigningKey.parse(deals("key new -o b").out and Path("b").read_text().strip())
    assert deals("key new --name a.example -o c").out.startswith("a.example+")


def test_a_key_replaces_nothing(deals: Deals) -> None:
    """A file, a link to nowhere and a folder that is not there."""
    Path("link").symlink_to("nowhere")
    before = Path("ledger.key").read_text()
    said = "exists already; nothing was changed (choose another name)"

    assert failed(2, f"ledger.key {said}") == deals("key new -o ledger.key")
    assert failed(2, f"link {said}") == deals("key new -o link")
    assert before == Path("ledger.key").read_text()
    assert not Path("nowhere").exists()
    assert failed(2, "no/such.key cannot be written: No such file or directory") == deals(
        "key new -o no/such.key"
    )


def test_a_key_that_cannot_be_written_leaves_nothing(
    deals: Deals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk: no half key."""

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    assert failed(2, "new.key cannot be written: No space left on device") == deals(
        "key new -o new.key"
    )
    assert not Path("new.key").exists()


def test_a_key_needs_a_name_that_notes_can_hold(deals: Deals) -> None:
    """Nothing is written for another."""
    assert failed(2, "'a b' is not the name of a key (such as example.org/deals)") == deals(
        "key new -o new.key --name", "a b"
    )
    assert not Path("new.key").exists()


def test_without_cryptography_only_signing_fails(
    deals: Deals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unsigned checkpoints and proofs work without the extra; else the message names it."""
    deals("prove f1 --key ledger.key -o p")
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    said = "signatures need the cryptography package (pip install 'deal-ledger[sign]')"

    for line in (
        "checkpoint --key ledger.key",
        "key new -o new.key",
        f"verify-proof p --vkey {VKEY}",
    ):
        assert failed(2, said) == deals(line)
    assert not Path("new.key").exists()
    for line in ("checkpoint -o c", "prove f1 -o q", "verify-proof p", "verify --checkpoint c"):
        assert 0 == deals(line).code


def test_the_public_half_is_printed_again(deals: Deals) -> None:
    """The same line that `key new` printed; never the secret, and only of a key."""
    vkey = deals("key new -o new.key").out

    assert (0, vkey, "") == deals("key show new.key")
    assert failed(
        2, "events.jsonl: this is not a secret key (make one with: deals key new)"
    ) == deals("key show events.jsonl")


@pytest.mark.parametrize(("mode", "shown"), [(0o644, "644"), (0o640, "640"), (0o602, "602")])
def test_a_key_that_others_can_reach_is_warned_of(deals: Deals, mode: int, shown: str) -> None:
    """One line on stderr each time that it is read; what was asked for is done all the same."""
    Path("ledger.key").chmod(mode)
    said = (
        f"deals: warning: ledger.key is a secret key, and open to others (mode {shown}); "
        "run: chmod 600 ledger.key\n"
    )

    assert (0, f"{VKEY}\n", said) == deals("key show ledger.key")
    done = deals("checkpoint --key ledger.key -o c")
    assert (0, said) == (done.code, done.err)
    Path("ledger.key").chmod(0o400)
    assert "" == deals("key show ledger.key").err
