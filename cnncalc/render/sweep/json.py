"""The variants of a sweep as one JSON object, with a line for each variant."""

from __future__ import annotations

import json
from typing import Any

from cnncalc.render.json_text import json_line
from cnncalc.render.sweep.rows import place_of
from cnncalc.solving.solution import FORMAT
from cnncalc.solving.study import Failure
from cnncalc.sweeping.sweep import Sweep
from cnncalc.sweeping.variant import SweepTally, Variant


class JsonRows:
    """The lines of the list of variants; what is known at the end follows the list."""

    between = ",\n"

    def __init__(self, found: Sweep) -> None:
        self._family = found.plan.family
        self._names = found.plan.names
        self._has_budget = found.plan.has_budget
        self._metrics = tuple(map(str, found.plan.metrics))
        known = {
            "format": FORMAT,
            "name": found.name,
            "varied": [{"name": part.name, "values": list(part.values)} for part in self._family.varied],
            **found.plan.amount._asdict(),
            "keep": list(map(str, found.plan.keep)),
            "pareto": list(map(str, found.objectives)),
            "combinations": len(found),
        }
        lines = "".join(f"  {json_line(key)}: {json_line(value)},\n" for key, value in known.items())
        self.head = f'{{\n{lines}  "variants": [\n'

    def row(self, variant: Variant) -> str:
        return f"    {json_line(self._object(variant))}"

    def _object(self, variant: Variant) -> dict[str, Any]:
        values = dict(zip(self._names, variant.values, strict=True))
        if variant.failure is not None:
            return {"values": values, "failure": {"code": variant.failure.code, "message": variant.failure.message}}
        metrics = dict(zip(self._metrics, variant.figures, strict=True))
        return {"values": values, "metrics": metrics, **({"budget": variant.over_budget} if self._has_budget else {})}

    def tail(self, tally: SweepTally) -> str:
        failures = ",\n".join(f"    {json_line(group.to_dict(self._names))}" for group in tally.groups)
        listed = f"[\n{failures}\n  ]" if failures else "[]"
        over_budget = f'  "over_budget": {tally.over_budget},\n' if self._has_budget else ""
        return (
            f'\n  ],\n  "kept": {tally.kept},\n{over_budget}  "failed": {tally.failed},\n  "failures": {listed}\n}}\n'
        )

    def read_back(self, line: str) -> tuple[Variant, str] | None:
        text = line.rstrip("\n").removesuffix(",")
        try:
            written = json.loads(text) if text.startswith("    {") else None
        except (ValueError, RecursionError):
            return None
        if not isinstance(written, dict) or not isinstance(written.get("values"), dict):
            return None
        found, failure = place_of(self._family, written["values"]), written.get("failure")
        over_budget = written.get("budget", [])
        if found is None or not isinstance(failure, dict | None) or not isinstance(over_budget, list):
            return None
        found = found._replace(over_budget=tuple(map(str, over_budget)))
        if failure is not None:
            found = found._replace(failure=Failure(str(failure.get("code")), str(failure.get("message")), "", 0, 0))
        return found, text
