"""Numbers, sizes and shapes as text: the one format of every message, table and report."""

from __future__ import annotations

from collections.abc import Iterable

_TIMES = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9))


def thousands(number: int) -> str:
    """25557032 as `25,557,032`."""
    return f"{int(number):,}"


def signed(number: int) -> str:
    """A difference with its sign, which is a minus sign and no hyphen: `+5`, `−5`, `0`."""
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{thousands(abs(number))}"


def plural(number: int, noun: str, nouns: str = "") -> str:
    """A number with its noun: `1 layer`, `2,048 layers`; `nouns` is the plural where it is not the noun with an s."""
    return f"{thousands(number)} {noun if number == 1 else nouns or f'{noun}s'}"


def decimal(number: float, digits: int = 6) -> str:
    """A number with at most `digits` significant digits and no trailing zeros: `4.25`, `1e-05`."""
    return f"{number:.{digits}g}"


def show_number(number: int | float) -> str:
    """A count or a decimal number, either with thousands separators: `756,560`, `1,234.5`."""
    return thousands(number) if isinstance(number, int) else f"{number:,.6g}"


def scientific(number: float) -> str:
    """A very small number with two significant digits: `3.1e-07`."""
    return f"{number:.1e}"


def byte_size(count: int) -> str:
    """A size in binary units: `512 B`, `97.5 MiB`."""
    if count < 1024:
        return f"{count} B"
    power = min((count.bit_length() - 1) // 10, 5)
    return f"{count / 1024**power:,.1f} {('KiB', 'MiB', 'GiB', 'TiB', 'PiB')[power - 1]}"


def duration(seconds: float) -> str:
    """A time in the unit that gives it at least one digit before the point: `2.1 ms`; empty for none."""
    for unit, size in _TIMES:
        if seconds >= size:
            return f"{decimal(seconds / size, 3)} {unit}"
    return f"{decimal(seconds / 1e-9, 3)} ns" if seconds else ""


def short(number: int) -> str:
    """A count rounded to three digits with its prefix: `4.09 G`; below a thousand the number itself."""
    if number < 1000:
        return str(number)
    power = min((len(str(number)) - 1) // 3, 5)
    size = number / 1000**power
    return f"{size:,.{2 if size < 9.995 else 1 if size < 99.95 else 0}f} {'kMGTP'[power - 1]}"


def times(larger: int, smaller: int) -> str:
    """The ratio of two counts: `196`, or with one decimal where it is not whole (`1.5`); `0` for a ratio to nothing."""
    if not smaller:
        return "0"
    if larger % smaller == 0:
        return thousands(larger // smaller)
    return _tenths((20 * larger + smaller) // (2 * smaller))


def percent(part: int | float, whole: int | float) -> str:
    """`part` of `whole` with one decimal: `38.2%`; empty if there is no part."""
    return f"{100 * part / whole:.1f}%" if part and whole else ""


def whole_percent(share: float) -> str:
    """A share in whole percent; `less than 1%` is not 0%, and `more than 99%` is not 100%."""
    if 0 < share < 0.005:
        return "less than 1%"
    return "more than 99%" if 0.995 <= share < 1 else f"{share:.0%}"


def growth_percent(growth: int, old: int) -> str:
    """The change of a count relative to its old value, with one decimal: `+86.5%`; empty if nothing changed."""
    if not growth or not old:
        return ""
    sign = "+" if growth > 0 else "−"
    tenths = (2000 * abs(growth) + old) // (2 * old)
    return f"{sign}{_tenths(tenths)}%" if tenths else f"{sign}<0.1%"


def _tenths(number: int) -> str:
    return f"{number // 10:,}.{number % 10}"


def show_shape(sizes: Iterable[int | float], *, times: str = "x") -> str:
    """A shape, or one number for each axis, as people write it: `14x14x20`; `scalar` for no axes."""
    return times.join(decimal(size) if isinstance(size, float) else str(int(size)) for size in sizes) or "scalar"
