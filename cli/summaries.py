"""What each command is for, in the order of the help. Made from their own help by `make docs`.

The order is set here: what has no place yet comes last.
"""

from __future__ import annotations

from typing import Final

SUMMARIES: Final = {
    "demo": (
        "Load the AI alliance ledger into DIR, write the page about it, print its tables, draw it."
    ),
    "init": "Make an empty ledger: deals.db here, or what --ledger or $DEALS_LEDGER names.",
    "append": "Append one event.",
    "import": "Append the events of files: JSONL, CSV or .xlsx, also .gz.",
    "merge": "Append what another ledger tells and this one does not.",
    "map": "Propose a map for a table, by which `import --map` reads it.",
    "export": "Write every event as one line of JSON, in the order of the record.",
    "retract": (
        "Record that an event was recorded wrongly: a reversing entry at the event's own dates."
    ),
    "correct": (
        "Correct an event that was recorded wrongly; what draws on it draws on the replacement."
    ),
    "log": "List events by their dates, of everybody or of one party.",
    "show": (
        "Show one event: what it says, its source, its place in the record, and what refers to it."
    ),
    "parties": "List the parties with their names, roles and aliases.",
    "stakes": (
        "Show who holds how much of an issuer, how that is known, and what was invested."
    ),
    "flows": (
        "Show the cash that moved: fundings (unless in credits) and payments, gross and net."
    ),
    "commitments": "Show commitments: committed, drawn, and what is still open.",
    "rights": (
        "Show the rights in force: licences, exclusivity, warrants, revenue shares, ..."
    ),
    "history": (
        "Show one number after each event that changed it, with the event and its source."
    ),
    "diff": (
        "Show what appeared, changed or went between two points, and the events that did it."
    ),
    "explain": (
        "Show why a number is what it is: its events in order, each with its effect and its source."
    ),
    "reconcile": (
        "Hold statements against computed numbers: holdings, draws, stakes, caps, rights, memos."
    ),
    "duplicates": (
        "List events that likely tell one fact: of one kind, between the same parties."
    ),
    "relation": (
        "Show everything between A and B: stakes, cash, commitments, rights, rivalry, exchange."
    ),
    "reciprocity": (
        "Show how even the exchange is: 100 % if as much runs one way as the other."
    ),
    "circularity": "Show how much money goes round: in the whole web, or back to PARTY.",
    "cycles": "Show the cycles in which money comes back to who paid it, the largest first.",
    "exposure": "Show who is exposed to PARTY: three views, and never one score.",
    "concentration": (
        "Show how concentrated the suppliers, customers and funders of a party are."
    ),
    "dependencies": (
        "Show what a party depends on: tied capital, promises to suppliers, rights that bind."
    ),
    "diagram": "Draw the web of alliances as svg, png, pdf or dot.",
    "backup": "Copy the ledger, record by record, into a new file that is a ledger itself.",
    "restore": (
        "Make a new ledger from a backup: deals.db here, or what --ledger or $DEALS_LEDGER names."
    ),
    "grant": (
        "Give a role of PostgreSQL the least that it takes to read a ledger, or to append to it."
    ),
    "doctor": (
        "Look at this machine and the ledger: which one is used and why, its guards, root and file."
    ),
    "verify": (
        "Derive the whole store again from the stored bytes: hashes, root, columns, journal, sums."
    ),
    "checkpoint": (
        "Take a checkpoint: the origin, the number of events, and the Merkle root over them."
    ),
    "prove": (
        "Write a proof that an event is in the record: who has it needs no ledger to verify it."
    ),
    "verify-proof": "Verify a proof and say which event it proves to be in which record.",
    "key": "Make keys that sign checkpoints: Ed25519.",
    "completion": "Print the completion script of a shell.",
    "site": (
        "Write the page about the ledger as one file, which works from a mail attachment."
    ),
    "serve": (
        "Serve the page over the ledger as it grows, and every answer as JSON under /api/."
    ),
}  # fmt: skip
