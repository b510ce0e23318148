"""On what kind of file system does a file lie? On those of a network, locks may not hold."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_TABLE: Final = Path("/proc/self/mountinfo")
"""Where Linux says what is mounted; other systems have no such file, and nothing is said there."""

NETWORK: Final = frozenset((
    "9p", "afs", "ceph", "cifs", "coda", "davfs", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs",
    "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "smb3", "smbfs",
))  # fmt: skip


def network_of(path: Path, table: Path = _TABLE) -> str | None:
    """Return the kind of network file system that *path* lies on, or None.

    path: absolute and without links. table: in the form of Linux's mountinfo.
    """
    try:
        lines = table.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    kind, longest = "", -1
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        place = Path(_spelled(fields[4]))
        # Of two at one place, the later one covers the other.
        if path.is_relative_to(place) and len(place.parts) >= longest:
            kind, longest = after.split()[0], len(place.parts)
    return kind if kind in NETWORK else None


def _spelled(place: str) -> str:
    """Return a place with the blanks that mountinfo writes as octal numbers."""
    for code in ("040", "011", "012", "134"):
        place = place.replace(f"\\{code}", chr(int(code, 8)))
    return place
