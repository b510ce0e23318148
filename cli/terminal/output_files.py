"""Files that users name with -o: whole or not at all, and never over what must not be lost.

A file is written beside its name without one, or under a name of its own; synced; given its name;
and the folder synced. So whoever is killed leaves the old file or the new one. What is no file of
its own, such as a device, a FIFO or /dev/stdout, is written to and stays what it is.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final, NoReturn

import click

MEMORY: Final = ".signed"
"""How the name of a file ends that holds what the key beside it last signed."""
_DATABASE: Final = b"SQLite format 3\x00"
_KEY: Final = b"PRIVATE+KEY+"
_REFUSED: Final = {
    _DATABASE: "a ledger, or another database",
    b"\x37\x7f\x06\x82": "the log of a ledger",
    b"\x37\x7f\x06\x83": "the log of a ledger",
    b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7": "the journal of a ledger",
    _KEY: "a secret key",
}
"""How files begin that no answer replaces."""
_COMPANIONS: Final = ("-wal", "-shm", "-journal")
_DESCRIPTOR: Final = re.compile(r"/dev/fd/([0-9]+)|/proc/(?:self|[0-9]+)/fd/([0-9]+)")
_NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
"""What a file system says that has no hard links."""
_HANDLES: Final = "/proc/self/fd"
_OWN: Final = re.compile(r"\.deals-[0-9a-f]{16}\.tmp")
"""What a new file is called until it has its name, if it must be called anything."""
_LINKS: Final = 40
_OTHER: Final = "choose another name"


def put(parts: Iterable[bytes], file: Path, *, is_memory: bool = False) -> None:
    """Write to a file, a device, a FIFO or a descriptor; a file is replaced when all is written.

    A new file gets the mode that the umask leaves; one that exists keeps its mode and owner.
    is_memory: it is what a key last signed, beside the key, where no other answer goes.
    Raises: BadInput, if it is a ledger, a secret key, or read by the same command; Unwritable.
    """
    with _in_our_words(file):
        number = _descriptor(file)
        if number is not None:
            if sys.stdout is not None:
                sys.stdout.flush()
            _send(parts, os.dup(number))
            return
        found = _found(file)
        if found is not None and stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(21, "it is a folder")
        if found is not None and not stat.S_ISREG(found.st_mode):
            _send(parts, os.open(file, os.O_WRONLY | getattr(os, "O_NOCTTY", 0)))
            return
        target = file.resolve()
        _check(file, target, found, is_memory=is_memory)
        with closing(_New(target.parent, 0o666 if found is None else 0o600)) as new:
            new.fill(parts)
            if found is not None:
                _as_before(new.handle, found)
            else:
                with suppress(FileExistsError):  # somebody made one meanwhile
                    new.name(target.name)
                    return
            new.replace(target.name)


def make_secret(data: bytes, file: Path) -> None:
    """Write a file that did not exist, for the owner alone; all of it, or none.

    Raises: FileExistsError, if there is something already, also a link to nowhere; Unwritable.
    """
    with _in_our_words(file):
        if os.path.lexists(file):
            raise FileExistsError
        _check_name(file, file)
        with closing(_New(file.parent, 0o600)) as new:
            new.fill([data])
            new.name(file.name)


@contextmanager
def _in_our_words(file: Path) -> Iterator[None]:
    from dealledger.ledger.errors import Unwritable

    try:
        yield
    except (FileExistsError, BrokenPipeError):
        raise
    except OSError as error:
        raise Unwritable(f"{file} cannot be written: {error.strerror}") from None


def _descriptor(file: Path) -> int | None:
    """Return the number of the open file that a name such as /dev/stdout leads to.

    To open the name would begin at its start, and cut what was printed before.
    """
    path = file.absolute()
    for _ in range(_LINKS):
        match = _DESCRIPTOR.fullmatch(str(path))
        if match:
            return int(match[1] or match[2])
        if not path.is_symlink():
            return None
        path = path.parent / path.readlink()
    return None


def _found(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None


def _check(file: Path, target: Path, found: os.stat_result | None, *, is_memory: bool) -> None:
    """Refuse what must not be replaced.

    Raises: BadInput; OSError, for a file that may not be written to.
    """
    _check_name(file, target)
    key = target.with_name(target.name.removesuffix(MEMORY))
    if not is_memory and key != target and _begins(key).startswith(_KEY):
        _refuse(file, f"what {key.name} last signed")
    if found is None:
        return
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "it is read-only")
    start = _begins(target)
    for magic, what in _REFUSED.items():
        if start.startswith(magic):
            _refuse(file, what)
    if any(os.path.samestat(found, each) for each in _read_by_the_command()):
        _refuse(file, "what this command reads")


def _check_name(file: Path, target: Path) -> None:
    """Refuse a name that belongs to a ledger beside it, whether there is such a file or not.

    Raises: BadInput.
    """
    for ending in _COMPANIONS:
        base = target.with_name(target.name.removesuffix(ending))
        if base != target and _begins(base).startswith(_DATABASE):
            _refuse(file, f"a companion of {base.name}")


def _refuse(file: Path, what: str) -> NoReturn:
    from dealledger.events.errors import BadInput

    raise BadInput(f"{file} is {what}; nothing was changed", _OTHER)


def _begins(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(16)
    except OSError:
        return b""


def _read_by_the_command() -> Iterator[os.stat_result]:
    """Yield the files that the command line names, apart from those that are written."""
    context = click.get_current_context(silent=True)
    if context is None:
        return
    for name, value in context.params.items():
        if name in ("output", "svg"):
            continue
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Path):
                with suppress(OSError):
                    yield each.stat()


def _send(parts: Iterable[bytes], handle: int) -> None:
    """Write to an open file, and close it."""
    with os.fdopen(handle, "wb") as stream:
        stream.writelines(parts)


def _opened_folder(folder: Path) -> int:
    """Open a folder, also one that may be written to and not be read."""
    try:
        return os.open(folder, os.O_RDONLY)
    except PermissionError:
        return os.open(folder, getattr(os, "O_PATH", os.O_RDONLY))


def _as_before(handle: int, found: os.stat_result) -> None:
    """Give a new file the owner and mode of the one that it replaces, as far as we may."""
    with suppress(OSError, AttributeError):
        os.fchown(handle, found.st_uid, found.st_gid)
    mode = stat.S_IMODE(found.st_mode)
    if mode != stat.S_IMODE(os.fstat(handle).st_mode):  # there are file systems without modes
        os.fchmod(handle, mode)


def _is_locked(handle: int) -> bool | None:
    """Lock an open file until this process closes it or ends; tell whether nobody else has it.

    None, where there are no such locks.
    """
    try:
        import fcntl
    except ImportError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _clear(folder: Path) -> None:
    """Remove what writers of ours left in a folder that were killed before they named it.

    It is known by its name, its owner, and by a lock, which ends with the process.
    """
    if not hasattr(os, "geteuid"):
        return
    with suppress(OSError), os.scandir(folder) as found:
        for each in found:
            if _OWN.fullmatch(each.name) and each.is_file(follow_symlinks=False):
                _remove_left(each)


def _remove_left(file: os.DirEntry[str]) -> None:
    with suppress(OSError):
        handle = os.open(file, os.O_RDWR | os.O_NOFOLLOW)
        try:
            if os.fstat(handle).st_uid == os.geteuid() and _is_locked(handle):
                Path(file).unlink()
        finally:
            os.close(handle)


class _New:
    """A new file in a folder, open to write: it gets its name when all is written.

    Closed before that, nothing is left of it. What a process leaves that is killed, between two
    names or where the system has no files without names, the next file in that folder takes away.
    """

    def __init__(self, folder: Path, mode: int) -> None:
        _clear(folder)
        self._folder = _opened_folder(folder)
        self._own = f".deals-{secrets.token_hex(8)}.tmp"
        self._is_named = False
        try:
            self.handle = self._opened(folder, mode)
        except BaseException:
            os.close(self._folder)
            raise

    def _opened(self, folder: Path, mode: int) -> int:
        if hasattr(os, "O_TMPFILE") and Path(_HANDLES).is_dir():
            with suppress(OSError):  # not every file system has files without names
                handle = os.open(folder, os.O_TMPFILE | os.O_WRONLY, mode)
                _is_locked(handle)  # before it has any name
                return handle
        made = os.O_CREAT | os.O_EXCL | os.O_WRONLY
        while True:
            handle = os.open(self._own, made, mode, dir_fd=self._folder)
            # Who clears up may have come between; then it is made again.
            if _is_locked(handle) is not False and os.fstat(handle).st_nlink:
                self._is_named = True
                return handle
            os.close(handle)

    def fill(self, parts: Iterable[bytes]) -> None:
        """Write and sync."""
        with os.fdopen(self.handle, "wb", closefd=False) as stream:
            stream.writelines(parts)
        os.fsync(self.handle)

    def name(self, name: str) -> None:
        """Give it a name that nothing has. Raises: FileExistsError."""
        source = self._own if self._is_named else f"{_HANDLES}/{self.handle}"
        try:
            # The name in /proc is a link, which is followed only with a folder given.
            os.link(source, name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        except OSError as error:
            if error.errno not in _NO_LINKS or not self._is_named:
                raise
            self.replace(name)
        self._sync()

    def replace(self, name: str) -> None:
        """Give it a name that something may have."""
        if not self._is_named:
            self.name(self._own)
            self._is_named = True
        os.replace(self._own, name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        self._is_named = False
        self._sync()

    def _sync(self) -> None:
        with suppress(OSError):  # there are systems that cannot sync a folder
            os.fsync(self._folder)

    def close(self) -> None:
        """Close it; take away what has no name but ours."""
        if self._is_named:
            os.unlink(self._own, dir_fd=self._folder)
        os.close(self.handle)
        os.close(self._folder)
