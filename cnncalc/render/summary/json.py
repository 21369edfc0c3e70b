"""A report as its stable machine-readable form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cnncalc.analysis.report import Report


def render(report: Report) -> str:
    """`Report.to_dict()` as JSON, with a line for each key and each layer."""
    return by_lines(report.to_dict()) + "\n"


def by_lines(found: Mapping[str, Any]) -> str:
    """An object as JSON, with a line for each key, and one for each item of a list under a key."""
    return "{\n" + ",\n".join(f"  {_dump(key)}: {_value(value)}" for key, value in found.items()) + "\n}"


def _value(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _dump(value)
    return "[\n" + ",\n".join(f"    {_dump(item)}" for item in value) + "\n  ]"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
