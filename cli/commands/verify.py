"""deals verify: is the record what was appended, and what was handed out?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from dealledger.cli.evidence import PATH, Trust, read_checkpoint, signature_lines, trust_options
from dealledger.cli.main import CHECK_FAILED, DONE
from dealledger.cli.params import open_ledger
from dealledger.cli.terminal.output import complain, write
from dealledger.cli.terminal.progress import bar
from dealledger.events.text import counted

if TYPE_CHECKING:
    from dealledger.cli.reproduce import Reproduction
    from dealledger.ledger import Ledger, Verification
    from dealledger.ledger.proof.checkpoint import Checkpoint


_UNSEEN: Final = (
    "not looked at: what they say, columns, journal, indexes, sums (for that: deals verify)"
)


@click.command("verify")
@click.option("--quick", is_flag=True,
              help="Only the stored bytes, their hashes, the root and all definitions; not what "
              "answers are summed from.")  # fmt: skip
@click.option("--checkpoint", type=PATH, metavar="FILE",
              help="Also check that the record only grew since this checkpoint.")  # fmt: skip
@trust_options
@click.option(
    "--report",
    type=PATH,
    metavar="FILE",
    help="Also ask again what this JSON of a query asked, of a ledger made from the bytes that "
    "were verified.",
)
@click.option("--assume", "assumed", multiple=True, metavar="FILE",
              help="With --report: the events that it assumes; may be repeated.")  # fmt: skip
def command(
    quick: bool,
    checkpoint: Path | None,
    trust: Trust,
    report: Path | None,
    assumed: tuple[str, ...],
) -> int:
    """Derive the whole store again from the stored bytes: hashes, root, columns, journal, sums.

    All definitions of the database are compared with those that the code makes.
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
    from dealledger.cli.reproduce import Reproduction
    from dealledger.events import BadInput
    from dealledger.events.text import visible

    if quick and report is not None:
        raise BadInput("--quick does not look at what answers come from",
                       "leave it out to verify a report")  # fmt: skip
    kept, said = _kept(checkpoint, trust)
    findings: list[str] = []
    if assumed and report is None:
        raise BadInput("--assume is for a report that assumes events", "name it with --report FILE")
    asked = None if report is None else Reproduction.of(report, assumed)
    lines = _verified(kept, asked, findings, quick=quick)
    for finding in findings:
        complain(f"deals: {visible(finding)}")
    if findings:
        complain(f"deals: {counted(len(findings), 'finding')}")
        return CHECK_FAILED
    for line in (*lines, *said):
        write(visible(line), None)
    return DONE


def _verified(
    kept: Checkpoint | None,
    asked: Reproduction | None,
    findings: list[str],
    *,
    quick: bool,
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
            if asked is not None and not findings:
                grown += _reproduce(ledger, found, asked, findings)
    except Damaged as error:
        findings.append(str(error))
        return []
    events = counted(found.events, "event")
    seen = (
        [f"{events}: the bytes are those that were hashed", _UNSEEN]
        if quick
        else [f"{events}, every one as appended"]
    )
    return [*seen, f"origin {found.origin}", f"root   {found.root}", *grown]


def _size(ledger: Ledger) -> int:
    """Return how many events are to be read; what is wrong with the head is for verify to say."""
    from dealledger.ledger import Damaged

    try:
        return ledger.head().size
    except Damaged:
        return 0


def _reproduce(
    ledger: Ledger, found: Verification, asked: Reproduction, findings: list[str]
) -> list[str]:
    """Return what to say if the report is the same when asked again; else add to the findings.

    It is asked of a ledger that is made from the records alone, and thrown away.
    """
    import tempfile
    from datetime import date

    from dealledger.ledger import Ledger

    file, report = asked.file, asked.report
    if report["known_at"] > found.events:
        findings.append(f"{file} knows more than the @{found.events} that were verified")
        return []
    with tempfile.TemporaryDirectory(prefix="deals-verify-") as folder:
        made = Path(folder) / "made.db"
        with (
            bar("making it again", found.events) as advance,
            Ledger.create(made, source=ledger, progress=advance) as copy,
        ):
            # What was recorded since is in the copy too; up to there it is what was verified.
            root = copy.at(date.max, found.events).root
        if root != found.root:
            findings.append("the records changed while they were looked at")
            return []
        differing = asked.differences(str(made))
    findings += [f"{file}: {each}" for each in differing]
    if differing:
        return []
    return [
        f"{file} is what the record says as of {report['as_of']}, known at @{report['known_at']}"
        + (", with what it assumes" if asked.files else "")
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
    from dealledger.ledger.proof.note import Unverified

    try:
        grown = ledger.grown_since(kept)
    except Unverified as error:
        findings.append(str(error))
        return []
    except Damaged:  # verify has found that
        return []
    return [
        f"the record only grew since the checkpoint: @{kept.size}, {counted(grown, 'event')} more"
    ]
