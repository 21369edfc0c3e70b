"""The bundled specs with their recorded metrics, since analyzing two hundred networks takes seconds.

`specs/figures.json` contains the digest of each spec's text at the time of recording, and one entry per line. A spec
with a different digest, or without a recorded one, is analyzed; a test compares the recorded metrics with the current
rules.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from cnncalc.analysis.model_field import receptive_field
from cnncalc.analysis.report import Report, Tensor, Totals
from cnncalc.arithmetic.convention import Shape
from cnncalc.reading.bundled import bundled_families, bundled_folder, find_bundled

FILE = "figures.json"


class ZooEntry(NamedTuple):
    """A bundled spec, as shown in the list."""

    name: str
    family: str
    """The name of its file."""
    description: str
    year: int | None
    source: str
    convention: str
    inputs: tuple[Tensor, ...]
    layers: int
    receptive_field: Shape | None
    """The field of the last layer whose outputs have positions in the input."""
    totals: Totals

    def to_dict(self) -> dict[str, Any]:
        """The entry of the JSON list."""
        inputs = [{"name": tensor.name, "shape": list(tensor.shape)} for tensor in self.inputs]
        found = {**self._asdict(), "inputs": inputs, **self.totals._asdict()}
        del found["totals"]
        return found

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> ZooEntry:
        """The entry from the result of `to_dict`."""
        values = {name: found[name] for name in cls._fields if name != "totals"}
        field = values["receptive_field"]
        values["receptive_field"] = None if field is None else tuple(field)
        values["inputs"] = tuple(Tensor(each["name"], tuple(each["shape"])) for each in found["inputs"])
        return cls(**values, totals=Totals(*(found[name] for name in Totals._fields)))


class Filters(NamedTuple):
    """Filters for specs; empty ones exclude nothing."""

    name: str = ""
    """A prefix of one of the name's words, or any part of the name if no word has this prefix."""
    family: str = ""
    """A family, by its name or that of one of its specs; otherwise like `name`."""
    framework: str = ""
    """The convention."""
    years: tuple[int, int] | None = None

    def admit(self, entry: ZooEntry) -> bool:
        """Whether a spec passes the filters that do not depend on its name."""
        if self.years and not (entry.year and self.years[0] <= entry.year <= self.years[1]):
            return False
        return self.framework in ("", entry.convention)


def entries(filters: Filters = Filters()) -> Iterator[ZooEntry]:  # noqa: B008
    """The bundled specs that pass the filters, sorted by name."""
    digests, recorded = _recorded()
    families = {name: family for family, name in bundled_families()}
    names = _matching(filters.name, families)
    wanted = _families(filters.family, families)
    for name, family in sorted(families.items()):
        if name in names and family in wanted:
            fresh = name in recorded and digests.get(family) == digest(family)
            entry = ZooEntry.from_dict(recorded[name]) if fresh else analyzed(family, name)
            if filters.admit(entry):
                yield entry


def _matching(word: str, names: Iterable[str]) -> set[str]:
    lowered = word.lower()
    begun = {name for name in names if f"_{lowered}" in f"_{name}"}
    return begun or {name for name in names if lowered in name}


def _families(word: str, families: dict[str, str]) -> set[str]:
    stems = set(families.values())
    if word in stems:
        return {word}
    return {families[word]} if word in families else _matching(word, stems)


def analyzed(family: str, name: str) -> ZooEntry:
    """The entry of a spec according to the current rules."""
    from cnncalc.analysis.analyze import analyze

    path, variant = find_bundled(name) or ("", None)
    return entry_of(family, analyze(f"{path}:{variant}" if variant else path))


def entry_of(family: str, report: Report) -> ZooEntry:
    """The entry of a report."""
    return ZooEntry(
        report.name, family, report.description, int(report.year) if report.year.isdecimal() else None, report.source,
        report.convention, report.inputs, len(report.layers), receptive_field(report), report.totals,
    )  # fmt: skip


def digest(family: str) -> str:
    """The digest of a spec's text, independent of line endings."""
    with open(os.path.join(bundled_folder(), f"{family}.yaml"), encoding="utf-8") as file:
        return sha256(file.read().encode()).hexdigest()[:16]


def _recorded() -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """The digests by family and the entries by name; empty if nothing is recorded."""
    path = os.path.join(bundled_folder(), FILE)
    if not os.path.isfile(path):
        return {}, {}
    with open(path, encoding="utf-8") as file:
        found = json.load(file)
    return dict(found["digests"]), {model["name"]: model for model in found["models"]}
