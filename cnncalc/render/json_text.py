"""Values as JSON: indented, on one line, or with one line for each entry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def json_text(value: Any, *, ascii_only: bool = False) -> str:
    """A value on indented lines; `ascii_only` escapes every other character, for readers that guess an encoding."""
    return json.dumps(value, ensure_ascii=ascii_only, indent=2)


def json_line(value: Any) -> str:
    """A value on one line."""
    return json.dumps(value, ensure_ascii=False)


def json_lines(found: Mapping[str, Any]) -> str:
    """An object with a line for each key, and for each entry of a list or of an object of objects."""
    return "{\n" + ",\n".join(f"  {json_line(key)}: {_entries(value)}" for key, value in found.items()) + "\n}"


def _entries(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"    {json_line(item)}" for item in value) + "\n  ]"
    if isinstance(value, Mapping) and value and all(isinstance(item, Mapping) for item in value.values()):
        return "{\n" + ",\n".join(f"    {json_line(key)}: {json_line(item)}" for key, item in value.items()) + "\n  }"
    return json_line(value)
