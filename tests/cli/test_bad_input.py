"""Bad input gets one clear line for each thing that is wrong, and nothing is written."""

from __future__ import annotations

import io
import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import given
from support.standing import Stand

from dealledger.cli.main import exit_code, run
from dealledger.events import KINDS, BadInput, Conflict, DealLedgerError, Problem, Refused
from dealledger.ledger import Busy, Ledger, Unreachable, Unverified
from dealledger.ledger.append import problems
from dealledger.ledger.errors import Overtaken

COMMAND = [sys.executable, "-c", "from dealledger.cli.main import main; main()"]
PAY = ["append", "payment", "--payer", "openai", "--payee", "oracle", "--on", "2024-01-01"]
FILE = {"kind": "payment", "effective_on": "2024-01-01", "payer": "openai", "payee": "oracle",
        "amount": "1", "currency": "USD"}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(stand: Stand) -> None:
    """Stand in a folder with a ledger of three parties and a commitment."""
    promise = ["append", "commitment", "--id", "C1", "--obligor", "openai", "--beneficiary",
               "oracle", "--amount", "$300B", "--on", "2024-01-01"]  # fmt: skip
    stand.among(("microsoft", "openai", "oracle"), promise, on="2024-01-01")


def refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str, code: int = 2
) -> None:
    before = Path("deals.db").read_bytes()

    assert code == run(arguments)
    assert ("", said + "\n") == capsys.readouterr()
    assert before == Path("deals.db").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--payer", "microsfot", "--amount", "$1"],
            "unknown party 'microsfot' (did you mean microsoft?)",
        ),
        (["--amount", "$0"], "amount: 0 is not above zero"),
        (
            ["--amount", "-5", "--currency", "USD"],
            "amount: '-5' is not an amount (such as 13B, $13B, 1.4T, 500M or EUR 2.5M)",
        ),
        (
            ["--amount", "NaN"],
            "amount: 'NaN' is not an amount (such as 13B, $13B, 1.4T, 500M or EUR 2.5M)",
        ),
        (["--amount", "$1.234"], "1.234 is too precise for USD (at most 2 decimals)"),
        (
            ["--amount", "$99999999T"],
            "99999999000000000000 USD is too large (at most 92000000000000000)",
        ),
        (["--amount", "5"], "an amount needs a currency (such as USD)"),
        (
            ["--amount", "$5", "--currency", "EUR"],
            "two currencies in one event: EUR and USD",
        ),
        (["--amount", "$1", "--on", "2023-02-29"], "there is no day 2023-02-29"),
        (["--amount", "$1", "--payee", "openai"], "payer and payee are both openai (they must differ)"),
        (
            ["--amount", "$1", "--payee", "microsoft", "--commitment", "C1"],
            "C1 is owed to oracle, not to microsoft",
        ),
        (["--amount", "EUR 1", "--commitment", "C1"], "C1 is in USD, not in EUR"),
        (["--amount", "$1", "--commitment", "C2"], "unknown event 'C2' (see: deals log)"),
        (["--amount", "$1", "--id", "a b"], "id: 'a b' is not an event id (letters, digits, . _ : -, at most 64, such as D016)"),
        (
            ["--amount", "$1", "--period-start", "2024-01-01"],
            "a period needs period_start and period_end",
        ),
        (["--amont", "$1"], "No such option '--amont'. (Did you mean one of: '--amount', '--note', '--on'?) (see: deals append payment --help)"),
    ],
    ids=lambda value: value[1] if isinstance(value, list) else "",
)  # fmt: skip
def test_a_bad_payment(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    """Each mistake has its own line."""
    refused(capsys, [*PAY, *arguments], f"deals: {said}")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (json.dumps({**FILE, "amuont": "2"}), "unknown field 'amuont' (did you mean amount?)"),
        ('{"kind": "payment", "kind": "party"}', "the key 'kind' stands twice in one object"),
        (json.dumps({**FILE, "amount": 1.5}), '1.5 is a number with a fraction (write it as a string: "1.5")'),
        (json.dumps({**FILE, "amount": "1e5"}), "amount: '1e5' is not a plain decimal number (digits and a point, at most 30 of each)"),
        ('{"kind": "payment", "amount": NaN}', 'NaN is a number with a fraction (write it as a string: "NaN")'),
        ("[1]", 'this is not a JSON object (such as {"kind": "party", ...})'),
        ("{", "this is not JSON: Expecting property name enclosed in double quotes at column 1"),
        ("[" * 100_000, "this JSON is nested too deeply"),
        (json.dumps({**FILE, "note": "a\u0000b"}), "note: control character U+0000 in 'a\\x00b'"),
        (json.dumps({**FILE, "effective_on": "2024-13-01"}), "effective_on: there is no day 2024-13-01"),
        (json.dumps({"kind": "paymnt"}), "unknown kind 'paymnt' (did you mean payment?)"),
    ],
    ids=range(11),
)  # fmt: skip
def test_a_bad_line(capsys: pytest.CaptureFixture[str], line: str, said: str) -> None:
    """The line is named by file and number; the good line before it is not written."""
    Path("bad.jsonl").write_text(json.dumps({**FILE, "id": "good"}) + "\n" + line + "\n")

    refused(capsys, ["import", "bad.jsonl"], f"bad.jsonl:2: {said}")


@pytest.mark.slow
def test_three_bad_lines_among_ten_thousand(capsys: pytest.CaptureFixture[str]) -> None:
    """All three are named, of different sorts; none of the good ones is written."""
    lines = [json.dumps({**FILE, "id": f"e{number}"}) for number in range(1, 10_001)]
    lines[4] = json.dumps({**FILE, "id": "e5", "payee": "orcale"})
    lines[4999] = json.dumps({**FILE, "id": "e5000", "amount": "-1"})
    lines[9998] = "{}"
    Path("many.jsonl").write_text("\n".join(lines))
    said = [
        "many.jsonl:5: unknown party 'orcale' (did you mean oracle?)",
        "many.jsonl:5000: amount: -1 is not above zero",
        "many.jsonl:9999: missing field 'kind' (one of " + ", ".join(KINDS) + ")",
    ]

    refused(capsys, ["import", "many.jsonl"], "\n".join(said))


def test_very_many_bad_lines_are_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first are named, the last line says how many there are; the code is as without."""
    monkeypatch.setattr(problems, "MOST_NAMED", 2)
    Path("many.jsonl").write_text("{\n" * 1_500)
    said = [f"many.jsonl:{number}: this is not JSON: Expecting property name enclosed in double "
            "quotes at column 1" for number in (1, 2)]  # fmt: skip
    more = "deals: and 1,498 more problems (1,500 in all; mend the named ones first)"

    refused(capsys, ["import", "many.jsonl"], "\n".join([*said, more]))


def test_very_many_conflicts_are_a_conflict(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that are not named count, and one other problem among them."""
    monkeypatch.setattr(problems, "MOST_NAMED", 1)
    lines = [json.dumps({**FILE, "id": "C1", "amount": str(n)}) for n in range(1, 1_200)]
    Path("known.jsonl").write_text("\n".join(lines))
    Path("mixed.jsonl").write_text("\n".join([*lines, "{}"]))

    assert (3, 2) == (run(["import", "known.jsonl"]), run(["import", "mixed.jsonl"]))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Busy("x.db"), 3),
        (Overtaken("x.db"), 3),
        (Conflict([Problem("x")]), 3),
        (Refused([Problem("x")]), 2),
        (Unverified("x"), 1),
        (BadInput("x"), 2),
        (Unreachable("x"), 2),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_exit_code_is_that_of_a_class(error: DealLedgerError, code: int) -> None:
    """Also of what is derived from it, whatever its name."""
    narrower: Any = type("Narrower", (type(error),), {})
    other = narrower.__new__(narrower)

    assert (code, code) == (exit_code(error), exit_code(other))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.jsonl", b"", "empty.jsonl: the file holds no events"),
        ("head.csv", b"kind,payer\n", "head.csv: the file has a header and no rows"),
        ("wide.csv", b"kind,pyaer\npayment,x\n", "wide.csv:1: unknown column 'pyaer' (did you mean payer or per or payee?)"),
        ("wide.jsonl", "\ufeff{}".encode("utf-16-le"), "deals: wide.jsonl is UTF-16 (save it as UTF-8: iconv -f UTF-16 -t UTF-8 wide.jsonl > utf8-wide.jsonl)"),
        ("latin.jsonl", b'{"kind": "\xe4"}', "latin.jsonl:1: this is not UTF-8: byte 11 is wrong"),
        ("short.csv", b"kind,party,name\nparty,a\n", "short.csv:2: 2 cells under 3 headings"),
    ],
)  # fmt: skip
def test_a_bad_file(capsys: pytest.CaptureFixture[str], name: str, data: bytes, said: str) -> None:
    """Empty, a header only, a wrong column, another encoding."""
    Path(name).write_bytes(data)

    refused(capsys, ["import", name], said)


def test_a_byte_order_mark_and_crlf_are_read() -> None:
    """What spreadsheets and Windows write is read as it is meant."""
    line = json.dumps({**FILE, "id": "x1"}).encode()
    Path("windows.jsonl").write_bytes(b"\xef\xbb\xbf" + line + b"\r\n")
    Path("people.csv").write_text(
        "\ufeffkind,id,effective_on,payer,payee,amount\r\npayment,x2,2024-02-01,openai,oracle,$1.5M\r\n"
    )

    assert 0 == run(["import", "windows.jsonl", "people.csv"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--ledger", "no.db", "flows"], "there is no ledger at no.db (make one with: deals init)"),
        (["--ledger", "parties.jsonl", "flows"], "parties.jsonl is not a ledger: the file is something else (name another with --ledger)"),
        (["--ledger", ".", "flows"], ". is not a ledger: it is a folder (name another with --ledger)"),
        (["--ledger", "mysql://x/y", "flows"], "mysql:// is not a ledger (a path, or postgresql://...)"),
        (["init"], "deals.db exists already; nothing was changed (choose another name)"),
        (["flows", "-o", "no/where.json"], "no/where.json cannot be written: No such file or directory"),
        (["flows", "-o", "x.pdf"], "x.pdf: the ending says no known format (say it with -f: table, json, csv, md or xlsx)"),
        (["flows", "--as-of", "soon"], "'soon' is not a date (such as 2025-10-28, 2025-10, 2025-Q3, 2025 or today)"),
        (["flows", "--known-at", "@99"], "there is no position @99 (the ledger ends at @4)"),
        (["flows", "--in", "EURO"], "'EURO' is not an ISO 4217 currency (did you mean EUR?)"),
        (["stakes", "opnai"], "unknown party 'opnai' (did you mean openai?)"),
        (["show", "C9"], "unknown event 'C9' (see: deals log)"),
        (["retract", "C9", "--reason", "x"], "unknown event 'C9' (see: deals log)"),
        (["correct", "C1", "--set", "amont=1", "--reason", "x"], "a commitment has no field 'amont' (did you mean amount?)"),
        (["append", "paymnt"], "unknown kind 'paymnt' (did you mean payment?)"),
        (["import", "no.jsonl"], "no.jsonl cannot be read: No such file or directory"),
        (["diagram", "-o", "x.gif"], "x.gif: the ending says no known format (svg, png, pdf or dot; say it with -f)"),
        (["diagram", "-o", "x.svg", "--only", "fundng"], "--only fundng: no such kind (did you mean funding?)"),
        (["nonsense"], "No such command 'nonsense' (see: deals --help)"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_a_bad_question(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """What was wrong, and what to do; no ledger is made and no file is left."""
    before = sorted(Path().iterdir())
    refused(capsys, arguments, f"deals: {said}")

    assert before == sorted(Path().iterdir())


def test_an_environment_that_points_nowhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """$DEALS_LEDGER goes before the nearest file, and is not made up for."""
    monkeypatch.setenv("DEALS_LEDGER", "gone.db")

    refused(capsys, ["flows"], "deals: there is no ledger at gone.db (make one with: deals init)")


def test_retracting_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """The same words again are a retry; other words are refused."""
    assert 0 == run(["retract", "C1", "--reason", "x"])
    assert 0 == run(["retract", "C1", "--reason", "x"])
    capsys.readouterr()

    refused(capsys, ["retract", "C1", "--reason", "y"],
            "deals: C1 is retracted already, by C1.retracted (deals show C1.retracted)")  # fmt: skip


def test_conflicts_have_their_own_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    """The same id with other content, and a deal at another version: 3."""
    assert 0 == run([*PAY, "--amount", "$1", "--id", "x1", "--deal", "d"])
    assert 0 == run([*PAY, "--amount", "$1", "--id", "x1", "--deal", "d"])
    capsys.readouterr()
    refused(capsys, [*PAY, "--amount", "$2", "--id", "x1", "--deal", "d"],
            "deals: x1 is recorded at @5 with another amount (to change it: deals correct x1)",
            3)  # fmt: skip
    refused(capsys, [*PAY, "--amount", "$2", "--deal", "d", "--expect", "0"],
            "deals: deal d is at version 1, expected version 0 (read it again: deals log --deal d)",
            3)  # fmt: skip


def test_hostile_names_are_shown_literally(capsys: pytest.CaptureFixture[str]) -> None:
    """Markup, escape sequences and formulas stay text, in tables, Markdown and CSV."""
    line = {"kind": "party", "id": "evil", "effective_on": "2024-01-01", "party": "evil",
            "name": "=cmd|'[red]\u202e<b>"}  # fmt: skip
    Path("evil.jsonl").write_text(json.dumps(line))
    assert 0 == run(["import", "evil.jsonl"])
    capsys.readouterr()
    run(["parties"])
    table = capsys.readouterr().out
    run(["parties", "-f", "md"])
    markdown = capsys.readouterr().out
    run(["parties", "-f", "csv"])
    cells = capsys.readouterr().out

    assert "=cmd|'[red]\\u202e<b>" in table
    assert "=cmd\\|'\\[red]\\\\u202e&lt;b>" in markdown
    assert "evil,'=cmd|'[red]\u202e<b>," in cells


PROGRAM = " ".join(map(shlex.quote, COMMAND))


def piped(line: str) -> tuple[int, str]:
    """Run a line of bash; return the exit code of `deals` in it, and what went to stderr."""
    whole = f'deals() {{ {PROGRAM} "$@"; }}; {line}; echo ${{PIPESTATUS[0]}} > code'
    done = subprocess.run(["bash", "-c", whole], capture_output=True, text=True, check=True)
    return int(Path("code").read_text()), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", ["log", "log -f json", "export", "--help", "stakes --help", "--version", "doctor",
              "checkpoint", "append party --party x --name X --on 2024-01-01", "verify",
              "completion bash", "diagram -f svg", "parties -o /dev/stdout -f csv"],
)  # fmt: skip
def test_a_closed_pipe_is_silent(words: str) -> None:
    """Whoever reads may stop reading: that is no error."""
    assert (0, "") == piped(f"deals {words} | true")


@pytest.mark.slow
def test_a_check_that_failed_has_its_code_whoever_reads() -> None:
    """A closed pipe does not make well what is not."""
    with Ledger.open("deals.db") as ledger:
        given.behind_its_back(ledger, "UPDATE event SET actor = 'x'", restored=False)

    for line in ("doctor | true", "verify 2>&1 | true", "verify 2>&1 >/dev/full | true",
                 "verify 2>&-"):  # fmt: skip
        assert 1 == piped(f"deals {line}")[0], line


@pytest.mark.slow
@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"])
@pytest.mark.parametrize(
    "words", ["verify", "log", "backup copy.db", "diagram -o x.png", "import long.jsonl"]
)
def test_closed_streams_are_no_alarm(words: str, closed: str) -> None:
    """Nobody hears the noise, and the ledger is not opened where the noise would go."""
    row = {"kind": "party", "id": "p-x", "effective_on": "2024-01-01", "party": "x", "name": "X"}
    Path("long.jsonl").write_text("".join(
        json.dumps({**row, "id": f"p-{n}", "party": f"p{n}", "name": f"X{n}", "note": "x" * 900}) + "\n"
        for n in range(1_200)
    ))  # fmt: skip
    assert 0 == run(["append", "payment", "--payer", "openai", "--payee", "oracle", "--amount",
                     "$1", "--on", "2024-01-01"])  # fmt: skip

    assert (0, "") == piped(f"deals {words} {closed}")
    assert 0 == run(["verify"])


@pytest.mark.slow
@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", "2>&1 | true"])
def test_the_code_of_an_error_needs_no_stderr(closed: str) -> None:
    """What was wrong cannot be said; that something was is."""
    assert 2 == piped(f"deals stakes nobody {closed}")[0]
    assert (
        3
        == piped(f"deals append party --id p-openai --party z --name Z --on 2024-01-01 {closed}")[0]
    )


@pytest.mark.slow
def test_a_closed_stdin_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """In one line."""
    said = "deals: stdin is closed (name a file, or pipe one in)\n"

    assert (2, said) == piped("deals import - <&-")


def test_a_round_trip_gives_the_same_events(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Export, import into a new ledger through a pipe, export: the same lines."""
    assert 0 == run(["correct", "C1", "--set", "amount=$250B", "--reason", "typo"])
    capsys.readouterr()
    assert 0 == run(["export"])
    first = capsys.readouterr().out
    assert 0 == run(["--ledger", "copy.db", "init"])
    stdin = io.TextIOWrapper(io.BytesIO(first.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert 0 == run(["--ledger", "copy.db", "import", "-"])
    capsys.readouterr()
    assert 0 == run(["--ledger", "copy.db", "export"])

    assert first == capsys.readouterr().out
    assert 6 == len(first.splitlines())
