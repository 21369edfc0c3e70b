"""Alternative notations of sizes, such as `28*28*1`, and sizes with a batch axis."""

from __future__ import annotations

import re

_SIZES = re.compile(r"[0-9]+( ?[xX×*, ] ?[0-9]+)*[,;]?")
_SPACED = re.compile(r"\b[0-9]+(?:\s{1,3}[xX×*]\s{1,3}[0-9]+)+\b")
_NEARBY = 20
_UNSIZED = r"none|null|~|\?|n|b|bs|batch|batch_size|-1"
_BATCH = re.compile(rf"[\[(]?\s*(?:{_UNSIZED})\s*[xX×*,]\s*(.+?)\s*[\])]?", re.IGNORECASE)
_PARTS = re.compile(rf"[\[(]?\s*(?:[0-9]+|{_UNSIZED})(?:\s*[xX×*,]\s*(?:[0-9]+|{_UNSIZED}))+\s*[\])]?", re.IGNORECASE)
_IN_CODE = re.compile(r"[0-9]+(?: ?[x×*,] ?[0-9]+)*")
_INPUT = re.compile(
    r"(?:\w+ *= *)?(?:(?:\w+\.)*(?:Input|InputLayer|(randn?|zeros|ones|empty|normal|uniform))\(|(?<== )|(?<==))"
)

_LETTERED = re.compile(r"(?:[0-9]{1,30}|[A-Za-wyz])(?:[x×](?:[0-9]{1,30}|[A-Za-wyz]))+")


def with_capitals(text: str) -> str:
    """Sizes with letters, such as `HxWx3` or `hxwx3`, with capital letters; empty for other texts."""
    has_letters = _LETTERED.fullmatch(text) and re.search("[a-wyz]", text, re.IGNORECASE)
    return re.sub("[a-wyz]", lambda found: found[0].upper(), text) if has_letters else ""


def meant_axes(value: object) -> str:
    """Sizes with other separators, rewritten with `x`: `8*8*3`, `8 x 8 x 3`, `3X3`, `8,8,3`; empty for other texts."""
    if not isinstance(value, str) or not _SIZES.fullmatch(value):
        return ""
    sizes = re.findall("[0-9]+", value)
    return "x".join(sizes) if all(size[0] != "0" for size in sizes) else ""


def around(text: str, start: int, end: int) -> str:
    """The sizes that are written with spaces around a part of a text: `3x3` for the `x` or a 3 of `conv 8 3 x 3`."""
    begin = max(start - _NEARBY, 0)
    for found in _SPACED.finditer(text[begin : end + _NEARBY]):
        if found.start() <= start - begin and end - begin <= found.end():
            return meant_axes(re.sub(r"\s+", " ", found.group()))
    return ""


def without_batch(text: str) -> str:
    """The sizes after an unknown batch: `Nonex28x28x1`, `?x28x28x1`, `(None, 28, 28, 1)`; empty for other texts."""
    found = _BATCH.fullmatch(text.strip())
    return meant_axes(found[1]) if found else ""


def sizes_in(text: str) -> str:
    """The sizes in an input from code: `keras.Input(shape=(28, 28, 1))`, `torch.randn(1, 3, 32, 32)`; empty if none."""
    begun = _INPUT.match(text)
    found = _IN_CODE.search(text, begun.end()) if begun else None
    if begun is None or found is None:
        return ""
    sizes = re.findall("[0-9]+", found.group())
    if begun[1] and len(sizes) > 1:
        sizes = sizes[1:]  # the batch
    return "" if any(size[0] == "0" for size in sizes) else "x".join(sizes)


def is_open(text: str) -> bool:
    """Whether a text is a shape with sizes that are left open: `HxWx3` or `NonexNonex3`."""
    return has_unsized(text) or bool(with_capitals(text))


def has_unsized(text: str) -> bool:
    """Whether a text is a shape with at least one open size: `NonexNonex3`."""
    return bool(_PARTS.fullmatch(text.strip())) and not _SIZES.fullmatch(text.strip())
