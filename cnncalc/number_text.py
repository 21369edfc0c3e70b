"""Figures as people read them."""

from __future__ import annotations

from collections.abc import Iterable


def thousands(number: int) -> str:
    """25557032 as `25,557,032`."""
    return f"{number:,}"


def byte_size(count: int) -> str:
    """A size in binary units: `512 B`, `97.5 MiB`."""
    if count < 1024:
        return f"{count} B"
    power = min((count.bit_length() - 1) // 10, 5)
    return f"{count / 1024**power:,.1f} {('KiB', 'MiB', 'GiB', 'TiB', 'PiB')[power - 1]}"


def short(number: int) -> str:
    """A large count in three figures: `4.09 G`; as it is below a thousand."""
    if number < 1000:
        return str(number)
    power = min((len(str(number)) - 1) // 3, 5)
    size = number / 1000**power
    return f"{size:,.{2 if size < 9.995 else 1 if size < 99.95 else 0}f} {'kMGTP'[power - 1]}"


def times(larger: int, smaller: int) -> str:
    """How many times `smaller` goes into `larger`: `196`, or one decimal place where it does not divide (`1.5`)."""
    if not smaller:
        return "0"
    if larger % smaller == 0:
        return thousands(larger // smaller)
    tenths = (20 * larger + smaller) // (2 * smaller)
    return f"{tenths // 10:,}.{tenths % 10}"


def percent(part: int, whole: int) -> str:
    """`part` of `whole` with one decimal: `38.2%`; empty where there is no part."""
    return f"{100 * part / whole:.1f}%" if part and whole else ""


def dimensions(sizes: Iterable[int | float] | None) -> str:
    """Sizes of axes as `14x14x20`; empty for None."""
    if sizes is None:
        return ""
    return "x".join(f"{size:g}" if isinstance(size, float) else str(size) for size in sizes) or "scalar"
