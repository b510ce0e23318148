"""deals verify: is the record what was appended, and what was handed out?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealledger.cli.appending import counted
from dealledger.cli.evidence import PATH, Trust, read_checkpoint, signature_lines, trust_options
from dealledger.cli.main import CHECK_FAILED, DONE
from dealledger.cli.output import complain, write
from dealledger.cli.params import find_ledger, open_ledger
from dealledger.cli.progress import bar

if TYPE_CHECKING:
    from dealledger.ledger import Ledger
    from dealledger.ledger.checkpoint import Checkpoint


@click.command("verify")
@click.option("--quick", is_flag=True,
              help="Only the stored bytes, their hashes, the root and the guards.")  # fmt: skip
@click.option("--checkpoint", type=PATH, metavar="FILE",
              help="Also check that the record only grew since this checkpoint.")  # fmt: skip
@trust_options
@click.option(
    "--report",
    type=PATH,
    metavar="FILE",
    help="Also ask again what this JSON of a query asked, at its point of the record.",
)
def command(quick: bool, checkpoint: Path | None, trust: Trust, report: Path | None) -> int:
    """Derive everything again from the stored bytes: leaf hashes, root, columns, journal, indexes.

    Exit code 1 and one line for each finding, if anything is not as it was appended, or cannot be
    read. Who can change
    the whole file can also change the root inside of it, and can cut off its end: only a checkpoint
    that is kept elsewhere shows that.

    \b
    Examples:
      deals verify
      deals verify --quick
      deals verify --report stakes.json
      deals verify --checkpoint 2026-06-30.checkpoint --vkey example.org/deals+12345678+AbCd...
      deals verify --checkpoint 2026-06-30.checkpoint --policy ledger.policy
    """
    from dealledger.events.text import visible

    kept, said = _kept(checkpoint, trust)
    findings: list[str] = []
    lines = _verified(kept, report, findings, quick=quick)
    for finding in findings:
        complain(f"deals: {visible(finding)}")
    if findings:
        complain(f"deals: {counted(len(findings), 'finding')}")
        return CHECK_FAILED
    for line in (*lines, *said):
        write(visible(line), None)
    return DONE


def _verified(
    kept: Checkpoint | None, report: Path | None, findings: list[str], *, quick: bool
) -> list[str]:
    """Return what to say if all is well; else add to the findings.

    A file that cannot even be read back is a finding too: the check failed.
    """
    from dealledger.ledger import Damaged

    try:
        with open_ledger() as ledger:
            with bar("verifying", _size(ledger)) as advance:
                found = ledger.verify(advance, quick=quick)
            findings += [str(each) for each in found.findings]
            grown = _compare(ledger, kept, findings) if kept else []
    except Damaged as error:
        findings.append(str(error))
        return []
    if report is not None:
        grown += _reproduce(report, findings)
    as_what = "the bytes of every one as hashed" if quick else "every one as appended"
    well = f"{counted(found.events, 'event')}, {as_what}"
    return [well, f"origin {found.origin}", f"root   {found.root}", *grown]


def _size(ledger: Ledger) -> int:
    """Return how many events are to be read; what is wrong with the head is for verify to say."""
    from dealledger.ledger import Damaged

    try:
        return ledger.head().size
    except Damaged:
        return 0


def _reproduce(file: Path, findings: list[str]) -> list[str]:
    """Return what to say if the report is the same when asked again; else add to the findings."""
    from dealledger.cli.reproduce import differences, read_report

    report = read_report(file)
    name = find_ledger(click.get_current_context().find_root().params.get("ledger"))
    differing = differences(report, name)
    findings += [f"{file}: {each}" for each in differing]
    if differing:
        return []
    return [
        f"{file} is what the record says as of {report['as_of']}, known at @{report['known_at']}"
    ]


def _kept(file: Path | None, trust: Trust) -> tuple[Checkpoint | None, list[str]]:
    """Return the checkpoint of a file, and the lines that say who signed it.

    Raises: BadInput, Unverified.
    """
    from dealledger.events import BadInput

    if file is None:
        if trust:
            option = "--vkey" if trust.vkeys else "--policy"
            raise BadInput(f"{option} is for a checkpoint", "say which with --checkpoint FILE")
        return None, []
    kept, note = read_checkpoint(file)
    return kept, signature_lines(note, trust.signed(kept, note))


def _compare(ledger: Ledger, kept: Checkpoint, findings: list[str]) -> list[str]:
    """Return what to say if the ledger continues the checkpoint; else add to the findings."""
    from dealledger.ledger import Damaged
    from dealledger.ledger.leaves import check_grown
    from dealledger.ledger.note import Unverified

    try:
        grown = check_grown(ledger, kept)
    except Unverified as error:
        findings.append(str(error))
        return []
    except Damaged:  # verify has found that
        return []
    return [
        f"the record only grew since the checkpoint: @{kept.size}, {counted(grown, 'event')} more"
    ]
