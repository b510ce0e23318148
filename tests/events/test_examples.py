"""The examples in the documentation of the code are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import dealledger.events
import dealledger.ledger

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (dealledger.events, dealledger.ledger)
    for module in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    """Each example prints what it says."""
    assert 0 == doctest.testmod(importlib.import_module(name)).failed


def test_there_are_examples() -> None:
    """They are found."""
    assert 4 <= doctest.testmod(importlib.import_module("dealledger.events.money")).attempted
