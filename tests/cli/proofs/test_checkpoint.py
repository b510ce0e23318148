"""deals checkpoint: the three lines, who may sign them, and what is never replaced."""

from __future__ import annotations

import re
from pathlib import Path

from support.proving import CHANGED, ORIGIN, ROOT, Deals, failed, grow, rewrite, tamper


def test_a_checkpoint_is_three_lines(deals: Deals) -> None:
    """Origin, size and root; these are the bytes of the format, so a change breaks old ones."""
    body = f"{ORIGIN}\n5\nJnF1/rx0bO/44L8IBDXUYbIBF808m0CEBV0Srw48UFQ=\n"
    done = deals("checkpoint")

    assert (0, body, "") == done
    assert (0, f"wrote c: @5, root {ROOT}\n", "") == deals("checkpoint -o c")
    assert body == Path("c").read_text()


def test_a_checkpoint_of_an_earlier_record(deals: Deals) -> None:
    """By position and by moment; before everything it is the empty tree."""
    assert deals("checkpoint --known-at @2").out.startswith(f"{ORIGIN}\n2\n")
    assert deals("checkpoint --known-at 2099").out.startswith(f"{ORIGIN}\n5\n")
    nothing = f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert (0, nothing, "") == deals("checkpoint --known-at 2020")
    assert failed(2, "there is no position @6 (the ledger ends at @5)") == deals(
        "checkpoint --known-at @6"
    )


def test_a_signed_checkpoint_carries_its_signature(deals: Deals) -> None:
    """The same bytes each time, on the terminal as in a file."""
    done = deals("checkpoint --key ledger.key")
    deals("checkpoint --key ledger.key -o c")

    assert done.out.encode() == Path("c").read_bytes()
    assert re.fullmatch(rf"{ORIGIN}\n5\n[^\n]{{44}}\n\n— {ORIGIN} [A-Za-z0-9+/]{{91}}=\n", done.out)


def test_another_ledgers_key_signs_nothing(deals: Deals) -> None:
    """The name under a checkpoint is taken for the ledger's; nothing is written."""
    said = (
        "the key is named 'other.example/deals', the ledger 'example.org/deals' "
        "(make one for this ledger with: deals key new -o FILE)"
    )

    assert failed(2, said) == deals("checkpoint --key other.key -o c")
    assert failed(2, said) == deals("prove f1 --key other.key -o c")
    assert not Path("c").exists()


def test_a_file_that_is_no_key_signs_nothing(deals: Deals) -> None:
    """The line names the file, and never what is in it."""
    Path("empty").touch()
    said = "this is not a secret key (make one with: deals key new)"

    assert failed(2, f"events.jsonl: {said}") == deals("checkpoint --key events.jsonl -o c")
    assert failed(2, f"empty: {said}") == deals("prove f1 --key empty -o c")
    assert not Path("c").exists()


def test_a_tampered_ledger_gives_no_checkpoint(deals: Deals) -> None:
    """Its stored bytes do not lead to its head, whatever the hashes beside them say."""
    said = (
        "the stored records do not lead to the root of the head; no checkpoint is taken "
        "(run: deals verify)"
    )
    tamper(CHANGED)

    for line in ("checkpoint -o c", "checkpoint --key ledger.key -o c", "prove r1 -o c"):
        assert failed(1, said) == deals(line)
    assert not Path("c").exists()


def test_a_ledger_without_its_end_gives_no_checkpoint(deals: Deals) -> None:
    """Fewer records than the head counts."""
    tamper("DELETE FROM event WHERE position = 5")

    assert 1 == deals("checkpoint --known-at @2").code


def test_a_later_or_foreign_file_is_not_replaced(deals: Deals) -> None:
    """What may be the only evidence is left as it is."""
    deals("checkpoint -o c")
    kept = Path("c").read_bytes()

    assert failed(2, "c is a later checkpoint, @5 (choose another name)") == deals(
        "checkpoint --known-at @2 -o c"
    )
    rewrite("6")
    assert failed(
        1, "c is left as it is: forked: the record up to @5 is not that of the checkpoint"
    ) == deals("checkpoint -o c")
    assert kept == Path("c").read_bytes()
    assert failed(
        2, "ledger.key: this is not a checkpoint (three lines: origin, size and root)"
    ) == deals("checkpoint -o ledger.key")


def test_an_earlier_checkpoint_is_replaced(deals: Deals) -> None:
    """The same record, grown."""
    deals("checkpoint -o c")
    grow()

    assert 0 == deals("checkpoint -o c").code
    assert Path("c").read_text().startswith(f"{ORIGIN}\n6\n")


def test_a_key_signs_nothing_that_contradicts_what_it_signed(deals: Deals) -> None:
    """Wherever the output goes: what it last signed is kept beside it."""
    deals("checkpoint --key ledger.key -o c")
    kept = Path("ledger.key.signed").read_bytes()
    assert Path("c").read_bytes() == kept
    grow()
    assert 0 == deals("checkpoint --key ledger.key -o later").code
    later = Path("ledger.key.signed").read_bytes()
    assert later == Path("later").read_bytes() != kept
    assert 0 == deals("checkpoint --key ledger.key --known-at @2 -o early").code
    assert later == Path("ledger.key.signed").read_bytes()

    rewrite("5")
    for command in ("checkpoint --key ledger.key -o new", "prove f1 --key ledger.key -o new"):
        done = deals(command)
        assert 1 == done.code
        assert "the key signed @6 before, which this record does not continue: " in done.err
        assert "deals checkpoint --fork signs all the same" in done.err
        assert not Path("new").exists()
    assert later == Path("ledger.key.signed").read_bytes()
    assert 0 == deals("checkpoint --key ledger.key --fork -o new").code
    assert Path("new").read_bytes() == Path("ledger.key.signed").read_bytes()
    assert 0 == deals("checkpoint --key ledger.key -o again").code


def test_what_a_key_signed_cannot_be_edited(deals: Deals) -> None:
    """It is signed itself, so a changed one is no leave to sign."""
    deals("checkpoint --key ledger.key -o c")
    memory = Path("ledger.key.signed")
    memory.write_bytes(memory.read_bytes().replace(b"\n5\n", b"\n4\n"))

    assert 1 == deals("checkpoint --key ledger.key -o d").code
    assert not Path("d").exists()
    assert failed(2, "--fork is for a key (say which with --key FILE)") == deals(
        "checkpoint --fork"
    )
