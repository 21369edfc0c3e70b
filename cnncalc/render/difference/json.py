"""A difference in its stable machine-readable form, a line for each figure and each layer."""

from __future__ import annotations

import json
from typing import Any

from cnncalc.analysis.difference.limits import Excess
from cnncalc.analysis.difference.model import Difference


def render(difference: Difference, labels: tuple[str, str], broken: tuple[Excess, ...] = ()) -> str:
    """`Difference.to_dict()` with what was compared, and the limits that are exceeded."""
    found = difference.to_dict()
    found["compared"] = list(labels)
    found["exceeded"] = [
        {"figure": limit.figure, "allowed": limit.text or None, **change.to_dict()} for limit, change in broken
    ]
    return "{\n" + ",\n".join(f"  {_dump(key)}: {_value(value)}" for key, value in found.items()) + "\n}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"    {_dump(key)}: {_dump(item)}" for key, item in value.items()) + "\n  }"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"    {_dump(item)}" for item in value) + "\n  ]"
    return _dump(value)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
