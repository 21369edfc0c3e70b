"""The mutants that no test can kill, because they behave alike: tests/data/equivalent_mutants.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from tests.mutation.mutants import Mutant

FILE = Path(__file__).parent.parent / "data" / "equivalent_mutants.toml"


class Equivalent(NamedTuple):
    """A change that makes no difference: the module, the function in it, the expression before and after, and why."""

    file: str
    function: str
    old: str
    new: str
    reason: str

    def covers(self, file: str, mutant: Mutant) -> bool:
        """Whether it is about this mutant of a module."""
        return (file, mutant.function, mutant.old, mutant.new) == self[:4]


def equivalents() -> list[Equivalent]:
    """All that are listed."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8")).get("equivalent", [])
    return [Equivalent(**entry) for entry in entries]
