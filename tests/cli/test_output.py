"""What -o writes to: the whole file or none, and never over what must not be lost."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from dealledger.cli.main import run
from dealledger.cli.terminal.output_files import put
from dealledger.ledger import Unwritable

COMMAND = [sys.executable, "-c", "from dealledger.cli.main import main; main()"]
WRITERS = (
    "flows -f json -o", "parties -f csv -o", "show A -f md -o", "doctor -f table -o", "export -o",
    "checkpoint -o", "prove A -o", "diagram -f dot -o", "key new -o",
    "history circularity --svg", "verify-proof a.tlog-proof -f json -o",
)  # fmt: skip


@pytest.fixture(autouse=True)
def folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stand in a folder with a ledger, a key and a proof."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALS_LEDGER", raising=False)
    assert 0 == run(["init", "--origin", "example.org/x"])
    party = "append party --id A --party a --name A --on 2024-01-01"
    assert 0 == run(party.split())
    assert 0 == run(["key", "new", "-o", "ledger.key"])
    assert 0 == run(["prove", "A", "-o", "a.tlog-proof"])
    assert 0 == run(["checkpoint", "--key", "ledger.key", "-o", "first.checkpoint"])
    capsys.readouterr()


def contents() -> dict[str, tuple[bytes, int]]:
    """Return all files of the folder; a link to nowhere is none."""
    found = [each for each in Path().iterdir() if each.exists()]
    return {each.name: (each.read_bytes(), each.stat().st_mode) for each in found}


def hard_link() -> str:
    os.link("deals.db", "second.db")
    return "second.db"


def symbolic_link() -> str:
    Path("link.db").symlink_to("deals.db")
    return "link.db"


def other_ledger() -> str:
    assert 0 == run(["--ledger", "other.json", "init"])
    return "other.json"


def link_to_a_companion() -> str:
    Path("x.json").symlink_to("deals.db-journal")
    return "x.json"


def companion(ending: str) -> Callable[[], str]:
    return lambda: f"deals.db{ending}"


def of_content(data: bytes) -> Callable[[], str]:
    def made() -> str:
        Path("made.json").write_bytes(data)
        return "made.json"

    return made


TARGETS: dict[str, Callable[[], str]] = {
    "the ledger": lambda: "deals.db",
    "its path": lambda: f"./../{Path.cwd().name}/deals.db",
    "a hard link": hard_link,
    "a symbolic link": symbolic_link,
    "another ledger": other_ledger,
    "a write-ahead log": companion("-wal"),
    "shared memory": companion("-shm"),
    "a journal": companion("-journal"),
    "a link to a journal": link_to_a_companion,
    "a key": lambda: "ledger.key",
    "what a key last signed": lambda: "ledger.key.signed",
    "a log elsewhere": of_content(b"\x37\x7f\x06\x82" + bytes(28)),
    "a journal elsewhere": of_content(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(20)),
}


@pytest.mark.parametrize("command", WRITERS)
def test_what_must_not_be_lost_is_never_replaced(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """A ledger, what belongs to it, and a key: by whatever name; one line, and all is as before."""
    for target, make in TARGETS.items():
        name = make()
        capsys.readouterr()
        before = contents()

        assert 2 == run([*command.split(), name]), target
        out, err = capsys.readouterr()
        assert ("", 1) == (out, len(err.splitlines())), target
        assert before == contents(), target


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize("command", ["backup", "--ledger {} init", "--ledger {} restore kept.db"])
def test_no_ledger_is_made_as_a_companion_of_another(
    capsys: pytest.CaptureFixture[str], command: str, ending: str
) -> None:
    """SQLite would play it back into that one."""
    assert 0 == run(["backup", "kept.db"])
    before = contents()
    line = f"{command} {{}}" if command == "backup" else command

    assert 2 == run(line.format(f"deals.db{ending}").split())
    assert f"deals.db{ending} is a companion of deals.db" in capsys.readouterr().err
    assert before == contents()


def test_it_is_said_what_is_not_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    """What it is, and what to do."""
    said = {
        "deals.db": "a ledger, or another database",
        "deals.db-wal": "a companion of deals.db",
        "ledger.key": "a secret key",
    }
    for name, what in said.items():
        assert 2 == run(["flows", "-f", "json", "-o", name])
        line = f"deals: {name} is {what}; nothing was changed (choose another name)\n"
        assert line == capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        "prove --since first.checkpoint -o first.checkpoint",
        "prove A --checkpoint first.checkpoint -o ./first.checkpoint",
        "verify-proof a.tlog-proof -f json -o a.tlog-proof",
    ],
)
def test_what_is_read_is_not_replaced(capsys: pytest.CaptureFixture[str], command: str) -> None:
    """A checkpoint may be the only evidence that there is."""
    before = contents()

    assert 2 == run(command.split())
    assert "is what this command reads; nothing was changed" in capsys.readouterr().err
    assert before == contents()


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755, 0o606])
def test_the_mode_of_a_file_stays(mode: int) -> None:
    """Also that of the file behind a link; a new file gets what the umask leaves."""
    Path("x.json").write_text("old")
    Path("x.json").chmod(mode)
    Path("link.json").symlink_to("x.json")
    old = os.umask(0o027)
    try:
        assert 0 == run(["parties", "-f", "csv", "-o", "link.json"])
        assert 0 == run(["parties", "-f", "csv", "-o", "new.json"])
    finally:
        os.umask(old)

    assert mode == stat.S_IMODE(Path("x.json").stat().st_mode)
    assert 0o640 == stat.S_IMODE(Path("new.json").stat().st_mode)
    assert Path("link.json").is_symlink()
    assert Path("x.json").read_text() == Path("new.json").read_text() != "old"


def test_a_read_only_file_is_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who made it so meant it."""
    Path("x.json").write_text("old")
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)

    assert 2 == run(["parties", "-o", "x.json"])
    assert "deals: x.json cannot be written: it is read-only\n" == capsys.readouterr().err
    assert "old" == Path("x.json").read_text()


@pytest.mark.parametrize("command", ["flows -f json -o", "export -o", "prove A -o"])
def test_a_fifo_is_written_to(capsys: pytest.CaptureFixture[str], command: str) -> None:
    """Who waits at its other end reads the answer, and it stays a FIFO."""
    os.mkfifo("pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(Path("pipe").read_bytes()), daemon=True)
    reader.start()

    assert 0 == run([*command.split(), "pipe"])
    reader.join(10)
    assert stat.S_ISFIFO(Path("pipe").lstat().st_mode)
    assert len(read[0]) > 100


def test_a_device_is_written_to() -> None:
    """A terminal, here; it stays what it is."""
    master, slave = os.openpty()
    name = os.ttyname(slave)

    assert 0 == run(["log", "-f", "csv", "-o", name])
    assert b"position" in os.read(master, 1_000)
    assert stat.S_ISCHR(os.stat(name).st_mode)
    os.close(master)
    os.close(slave)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
@pytest.mark.parametrize("command", ["parties -f json -o", "prove A -o"])
def test_stdout_by_name_is_stdout(name: str, command: str) -> None:
    """As a pipe, and as a file: what comes later stands behind it, and nothing is replaced."""
    Path("link").symlink_to("/dev/stdout")
    arguments = [*COMMAND, *command.split(), name]
    piped = subprocess.run(arguments, capture_output=True, check=True).stdout
    with Path("all").open("wb") as out:
        out.write(b"before\n")
        out.flush()
        made = os.fstat(out.fileno()).st_ino
        subprocess.run(arguments, stdout=out, check=True)
    written = Path("all").read_bytes()

    assert b"before\n" + piped == written
    assert made == Path("all").stat().st_ino
    assert command.startswith("parties") or b"\nwrote " in piped


@pytest.mark.slow
def test_a_descriptor_of_the_shell_is_written_to() -> None:
    """`>(...)` in bash is a name such as /dev/fd/63."""
    line = f"{sys.executable} -c '{COMMAND[2]}' parties -f json -o >(cat > caught) && sleep 0.5"
    subprocess.run(["bash", "-c", line], check=True)

    assert Path("caught").read_text().startswith("{")


def test_a_full_device_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """As any other failure to write."""
    assert 2 == run(["parties", "-f", "json", "-o", "/dev/full"])
    assert "/dev/full cannot be written: No space left on device" in capsys.readouterr().err


@pytest.mark.parametrize("unnamed", [True, False], ids=["unnamed", "named"])
def test_a_file_is_synced_before_it_is_named(
    monkeypatch: pytest.MonkeyPatch, unnamed: bool
) -> None:
    """Then its folder is: after a power cut the name never leads to less than the whole."""
    if not unnamed:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    seen: list[str] = []

    def noted(what: str, function: Callable[..., object]) -> None:
        def call(*args: object, **extra: object) -> object:
            is_folder = what == "sync" and stat.S_ISDIR(os.fstat(args[0]).st_mode)  # type: ignore[arg-type]
            seen.append("sync folder" if is_folder else what)
            return function(*args, **extra)

        monkeypatch.setattr(os, function.__name__, call)

    noted("sync", os.fsync)
    noted("name", os.replace)
    Path("x.json").write_text("old")
    put([b"new"], Path("x.json"))

    assert "sync" == seen[0]
    assert ["name", "sync folder"] == seen[-2:]
    assert "new" == Path("x.json").read_text()
    assert [] == list(Path().glob(".*"))


@pytest.mark.parametrize("unnamed", [True, False], ids=["unnamed", "named"])
def test_a_failure_leaves_nothing(monkeypatch: pytest.MonkeyPatch, unnamed: bool) -> None:
    """Wherever it comes: in the parts, in the sync, in the naming."""
    if not unnamed:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)

    def failing(*args: object, **extra: object) -> None:
        raise OSError(5, "Input/output error")

    def parts() -> list[bytes]:
        raise ValueError

    before = contents()
    for name in ("fsync", "link", "replace"):
        Path("old.json").write_text("old")
        for target in ("old.json", "new.json"):
            with monkeypatch.context() as broken:
                broken.setattr(os, name, failing)
                with suppress(Unwritable):  # a folder that cannot be synced is none of its files
                    put([b"new"], Path(target))
            assert [] == list(Path().glob(".*"))
        Path("old.json").unlink()
        Path("new.json").unlink(missing_ok=True)
    with pytest.raises(ValueError):
        put((each for _ in "x" for each in parts()), Path("new.json"))

    assert before == contents()
