"""A file that appears when it is whole: made in a folder beside its place, and moved there.

Whoever is killed meanwhile leaves such a folder and nothing else; the next one that makes a file of
that name takes it away. It is known to be left by a lock, which ends with the process.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from dealledger.events.errors import BadInput
from dealledger.ledger.errors import LedgerExists, Stopped, Unwritable

_NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
"""What a file system says that has no hard links."""
_COMPANIONS: Final = ("", "-journal", "-wal", "-shm")
_LONGEST: Final = 100
"""So much of a name is part of the folder's name, which must not be too long itself."""


@contextmanager
def made_beside(target: Path) -> Iterator[Path]:
    """Give an empty file to write; when that is done, it is durable and at *target*, or nowhere.

    Raises: LedgerExists, if something is there, before or after; BadInput, for a name that belongs
    to another file; Unwritable; Stopped, if it was interrupted before the file was there.
    """
    moving, place = False, target.absolute()  # also `.` has a name
    try:
        _check_name(target, place)
        remove_unfinished(place)
        for ending in _COMPANIONS:  # an old journal would be played back into the new file
            if _is_there(place.with_name(place.name + ending)):
                raise LedgerExists(str(target) + ending)
        with _folder_beside(place) as folder:
            made = folder / "made.db"
            os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
            yield made
            _sync(made, os.O_RDWR)
            moving = True
            _move(made, target)
            if os.name == "posix":  # elsewhere a folder cannot be opened
                _sync(place.parent, os.O_RDONLY)
    except OSError as error:
        raise Unwritable(f"{target} cannot be made: {error.strerror}") from None
    except KeyboardInterrupt:
        if moving:
            raise
        raise Stopped from None


def _check_name(target: Path, place: Path) -> None:
    """Refuse a name that belongs to a file beside it, which it would be played back into.

    Raises: BadInput.
    """
    for ending in _COMPANIONS[1:]:
        base = place.with_name(place.name.removesuffix(ending))
        if base != place and base.exists():
            raise BadInput(f"{target} is a companion of {base.name}", "choose another name")


def unfinished(target: Path) -> list[Path]:
    """Return the folders in which *target* was or is being made."""
    start = f".{target.name[:_LONGEST]}.unfinished-"
    with suppress(OSError):
        return sorted(each for each in target.parent.iterdir() if each.name.startswith(start))
    return []


def remove_unfinished(target: Path) -> None:
    """Remove what processes left that were killed while they made *target*."""
    for folder in unfinished(target):
        with suppress(OSError), _lock_of(folder) as mine:
            if mine:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """Make a folder that is known to be in use, and remove it in the end."""
    start = f".{target.name[:_LONGEST]}.unfinished-"
    while True:
        folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=start))
        try:
            with _lock_of(folder) as mine:
                # Somebody who clears up may have come between; then there is another name.
                if mine is not False and folder.is_dir():
                    yield folder
                    return
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _lock_of(folder: Path) -> Iterator[bool | None]:
    """Give whether nobody else held the lock of a folder, which is ours then; None: no such locks.

    Raises: OSError.
    """
    try:
        import fcntl
    except ImportError:
        yield None
        return
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        mine = True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            mine = False
        yield mine
    finally:
        os.close(handle)


def _is_there(target: Path) -> bool:
    """Tell whether a name is taken, also by a link that leads nowhere.

    Raises: OSError, for a name that cannot be.
    """
    try:
        target.lstat()
    except FileNotFoundError:
        return False
    return True


def _move(made: Path, target: Path) -> None:
    """Give a file its name, unless that is taken: linking fails then, replacing would not."""
    try:
        target.hardlink_to(made)
    except FileExistsError:
        raise LedgerExists(str(target)) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if _is_there(target):
            raise LedgerExists(str(target)) from None
        made.rename(target)


def _sync(path: Path, how: int) -> None:
    """Make a file, or the names in a folder, durable. how: to open it for that."""
    handle = os.open(path, how)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
