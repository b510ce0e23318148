"""The contract of a View, kept by a list of records."""

from __future__ import annotations

import pytest
from contract.viewing import Viewing
from support.given import ORIGIN, party
from support.memory import Memory


class TestMemory(Viewing):
    @pytest.fixture
    def told(self) -> Memory:
        memory = Memory(ORIGIN)
        memory.append([party("acme"), party("beta"), party("core")])
        return memory
