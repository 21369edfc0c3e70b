"""The largest value that fits into a memory, as text, JSON or CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.number_text import byte_size, plural, thousands
from cnncalc.render.csv_text import csv_text
from cnncalc.render.json_text import json_text
from cnncalc.render.text import styled, visible

if TYPE_CHECKING:
    from cnncalc.solving.largest import Largest


def as_json(found: Largest) -> str:
    """The stable form."""
    return json_text(found.to_dict())


def as_csv(found: Largest) -> str:
    """A row for the value, and one for the next larger one."""
    rows = [(found.value, found.value_bytes, True), (found.next_value, found.next_bytes, False)]
    shown = [(value, size, str(fits).lower()) for value, size, fits in rows if value is not None]
    return csv_text((found.varied, "training_memory", "fits"), shown).rstrip("\n")


def as_text(found: Largest, *, color: bool = False) -> str:
    """The value, its memory, and that of the next one."""
    name = visible(found.name) or "the model"
    limit = f"training memory ≤ {_size(found.most_bytes)}"
    batch = "" if found.varied == "batch" else f"batch {thousands(found.choice.batch)}"
    checkpoints = " ".join(("checkpoint", *found.choice.checkpoint)) if found.choice.checkpoint else ""
    given = (batch, found.choice.train, found.choice.dtype, visible(checkpoints))
    varied = f"{found.varied} {found.first}..{found.last}"
    title = f"{styled(name, 'bold', color=color)}: {', '.join((varied, limit, *filter(None, given)))}"
    if found.value is None and found.next_value is None:
        verdict = f"none: the model cannot be built with {found.varied} {found.first}..{found.last}"
    elif found.value is None:
        verdict = f"none: {found.varied} {found.next_value} needs {_size(found.next_bytes)}"
    else:
        verdict = f"largest {found.varied}: {thousands(found.value)}, which needs {_size(found.value_bytes)}"
        if found.next_value is not None:
            verdict += f"; {thousands(found.next_value)} needs {_size(found.next_bytes)}"
        elif found.unbuilt_from is not None:
            verdict += f"; the model cannot be built with {found.unbuilt_from}..{found.last}"
        else:
            verdict += "; the whole range fits"
    return "\n".join([title, "", verdict, styled(f"{plural(found.tried, 'value')} tried", "dim", color=color)])


def _size(size: int | None) -> str:
    """A size with its bytes, as neighbouring values differ little."""
    return "an unknown amount" if size is None else f"{byte_size(size)} ({thousands(size)} bytes)"
