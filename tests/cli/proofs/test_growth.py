"""deals prove --since and verify-proof --since: the record only grew since a checkpoint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.proving import KEY, ORIGIN, VKEY, Deals, failed, grow, rewrite


@pytest.fixture
def grown(deals: Deals) -> None:
    """Take checkpoint c of five events, add one, and prove that the record only grew."""
    deals("checkpoint -o c")
    grow()
    assert (0, "wrote g: the record only grew from @5 to @6\n", "") == deals(
        "prove --since c --key ledger.key -o g"
    )


@pytest.mark.usefixtures("grown")
def test_a_growth_proof_needs_no_ledger(deals: Deals) -> None:
    """Who kept the earlier checkpoint sees that nothing of it was changed."""
    Path("deals.db").unlink()
    code, out, err = deals(f"verify-proof g --since c --vkey {VKEY}")

    assert (0, "") == (code, err)
    assert f"{ORIGIN}: the record only grew from @5 to @6" == out.splitlines()[0]
    assert f"signed by {ORIGIN}, key {KEY.verifier().id.hex()}" == out.splitlines()[-1]
    found = json.loads(deals("verify-proof g --since c -f json").out)
    assert (ORIGIN, 5, 6, 1, []) == tuple(
        found[key] for key in ("origin", "since_size", "size", "grown", "signed_by")
    )
    assert found["since_root"].startswith("267175fe")


@pytest.mark.usefixtures("grown")
def test_the_file_is_what_a_witness_takes(deals: Deals) -> None:
    """The earlier size, hashes, a blank line and the signed checkpoint; the same on stdout."""
    lines = Path("g").read_text().split("\n\n")

    assert "old 5" == lines[0].split("\n")[0]
    assert lines[1].startswith(f"{ORIGIN}\n6\n")
    assert lines[2].startswith(f"— {ORIGIN} ")
    assert Path("g").read_text() == deals("prove --since c --key ledger.key").out


def test_growth_from_nothing_and_to_the_same(deals: Deals) -> None:
    """Everything begins with the empty record, and each record with itself: no hashes."""
    deals("checkpoint --known-at 2020 -o empty")
    deals("checkpoint -o c")
    for since, size, more in (("empty", 0, 5), ("c", 5, 0)):
        assert 0 == deals(f"prove --since {since} -o g").code
        assert Path("g").read_text().startswith(f"old {size}\n\n{ORIGIN}\n5\n")
        said = deals(f"verify-proof g --since {since} -f json").out
        assert more == json.loads(said)["grown"]


@pytest.mark.usefixtures("grown")
def test_a_proof_between_two_checkpoints(deals: Deals) -> None:
    """Both as they were handed out; they must come in this order."""
    deals("checkpoint --key ledger.key -o d")
    grow_again = deals("append party --party y --name Y --on 2024-01-01")

    assert 0 == grow_again.code
    assert 0 == deals("prove --since c --checkpoint d -o g").code
    assert Path("g").read_bytes().endswith(b"\n\n" + Path("d").read_bytes())
    assert failed(
        2, "d is a later checkpoint, @6, than c, @5 (take the earlier one for --since)"
    ) == deals("prove --since d --checkpoint c")


@pytest.mark.usefixtures("grown")
def test_what_did_not_only_grow_is_not_proven(deals: Deals) -> None:
    """A ledger that was written anew, another checkpoint, a bent proof: exit code 1, one line."""
    good = Path("g").read_text()
    deals("checkpoint -o d")
    deals("--ledger other.db init --origin other.example")
    deals("--ledger other.db checkpoint -o other")
    missing = "not proven: the record of @6 does not begin with that of the earlier checkpoint @5"
    hashed = good.split("\n")[1]
    for text, since, said in (
        (good, "d", "the proof begins at @5, the earlier checkpoint is @6"),
        (good, "other", f"the proof is of '{ORIGIN}', the earlier checkpoint of 'other.example'"),
        (good.replace(hashed, "A" * 43 + "="), "c", missing),
        (good.replace(f"{hashed}\n", ""), "c", missing),
    ):
        Path("bent").write_text(text)
        assert failed(1, said) == deals(f"verify-proof bent --since {since}")
    rewrite("6")
    assert failed(1, "forked: the record up to @5 is not that of the checkpoint") == deals(
        "prove --since c"
    )


@pytest.mark.usefixtures("grown")
def test_a_bad_growth_proof_is_bad_input(deals: Deals) -> None:
    """Exit code 2, and the line names the file or what is missing."""
    good = Path("g").read_text()
    deals("prove f1 -o p")
    for line, said in (
        ("verify-proof g", "g proves that a record grew (say since which checkpoint with --since FILE)"),
        ("verify-proof g --record c", "--record is for another sort of proof than g (leave it out)"),
        ("verify-proof p --since c", "--since is for another sort of proof than p (leave it out)"),
        ("prove", "nothing to prove (name an event: deals prove ID; or a checkpoint: --since FILE)"),
        ("prove f1 --since c", "nothing to prove (name an event: deals prove ID; or a checkpoint: --since FILE)"),
    ):  # fmt: skip
        assert failed(2, said) == deals(line)
    for text, said in (
        (good.replace("old 5", "old 05"), "bent: '05' is not a size or index"),
        (good.split("\n\n")[0], "bent: the proof ends before its checkpoint"),
        (good.replace("old 5\n", "old 5\n" + "x\n" * 64), "bent: the proof has 67 hashes (at most 64)"),
        (good.replace("old 5\n", "old 5\nx\n"), "bent: 'x' is not a hash (32 bytes in base64)"),
    ):  # fmt: skip
        Path("bent").write_text(text)
        assert failed(2, said) == deals("verify-proof bent --since c")
