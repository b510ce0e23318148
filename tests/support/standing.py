"""Small ledgers for tests of the command line: each is made once, then copied."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from shutil import copytree
from typing import Final

import pytest

from dealledger.cli.main import run

Lines = Sequence[Sequence[str]]


class Stand:
    """Lets a test stand in an empty folder with a small ledger, `deals.db`."""

    made: Final[dict[str, Path]] = {}

    def __init__(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        kept: pytest.TempPathFactory,
    ) -> None:
        self.folder, self.capsys, self.kept = folder, capsys, kept
        monkeypatch.chdir(folder)
        monkeypatch.delenv("DEALS_LEDGER", raising=False)

    def among(
        self, parties: Iterable[str] | Mapping[str, str], *lines: Sequence[str], on: str
    ) -> None:
        """Have a ledger of parties, registered *on* a day, and of what command lines do then.

        A party's id is `p-SLUG`; its name is its slug with a capital, if *parties* has no other.
        They also lie in `parties.jsonl`.
        """
        named = (
            parties if isinstance(parties, Mapping) else {each: each.title() for each in parties}
        )
        key = json.dumps([list(named.items()), lines, on])
        if key not in self.made:
            self._make(named, lines, on)
            self.made[key] = self.kept.mktemp("made") / "ledger"
            copytree(self.folder, self.made[key])
        copytree(self.made[key], self.folder, dirs_exist_ok=True)
        self.capsys.readouterr()

    def _make(self, parties: Mapping[str, str], lines: Lines, on: str) -> None:
        said = [
            {"id": f"p-{slug}", "kind": "party", "effective_on": on, "party": slug, "name": name}
            for slug, name in parties.items()
        ]
        text = "".join(json.dumps(each) + "\n" for each in said)
        (self.folder / "parties.jsonl").write_text(text)
        assert 0 == run(["init", "--origin", "example.org/x"])
        assert 0 == run(["import", "parties.jsonl"])
        for line in lines:
            assert 0 == run(list(line))
