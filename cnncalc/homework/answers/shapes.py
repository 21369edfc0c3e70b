"""Shapes as answers: any brackets and separators, a batch axis, axes with names, and a remark.

`14x14x20`, `(N, 14, 14, 20)`, `20@14x14`, `H=14, W=14, D=20`, `14 x 14 with 20 channels`, `20x14x14 (CHW)`.
Axes with names are in WrittenShape.axes, so that the comparison with the right shape does not depend on their order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import SpecError
from cnncalc.homework.answers.numbers import InconsistentAnswerError
from cnncalc.homework.answers.plain import plain
from cnncalc.homework.answers.problems import MOST_DIGITS, SHAPE_HINT, check_length, unreadable
from cnncalc.homework.answers.sums import WrittenNumber, parse_sum
from cnncalc.homework.answers.wording import without_fillers

_BATCH = (
    "none", "null", "?", "-1", "n", "b", "m", "bs", "batch", "batch_size", "batchsize", "*", ":", "any", "...", "…",
)  # fmt: skip
_SIZE = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_CROSS = r"(?:[x×X*·]|\bby\b)"
_GAP = re.compile(r"(?<=\d)\s*[x×X]\s*(?:[x×X]|$)")
_PLAIN_SIZE = re.compile(rf"\(?\s*(\d+(?:\s*(?:{_CROSS}|,)\s*\d+)*)\s*\)?")
_AXES: Mapping[str, str] = {
    **dict.fromkeys(("h", "height", "rows", "high", "tall"), "height"),
    **dict.fromkeys(("w", "width", "columns", "cols", "wide"), "width"),
    **dict.fromkeys(("c", "k", "f", "channel", "channels", "filter", "filters", "map", "maps", "deep", "features",
                     "units", "kernels", "planes", "slices", "ch"), "channels"),
    **dict.fromkeys(("d", "depth"), "depth"),
    **dict.fromkeys(("l", "t", "length", "steps", "time", "timesteps"), "length"),
}  # fmt: skip
_NAMES = "|".join(sorted(_AXES, key=len, reverse=True))
_NAMED = re.compile(rf"\s*({_NAMES})\w?\s*(?:=|:|\bis\b|\bof\b)?\s*(\d+)\s*(?:px|pixels?)?", re.IGNORECASE)
_NAMED_AFTER = re.compile(rf"\s*(\d+)\s*(?:px\b|pixels?\b)?\s*({_NAMES})\b", re.IGNORECASE)
_BETWEEN = re.compile(rf"\s*(?:[,;&+/]|\band\b|{_CROSS})?\s*", re.IGNORECASE)
_CHANNEL_WORD = r"(?:channels?|ch|maps?|filters?|deep|depth|features?|planes?|slices?)"
_SAME_SIZE = re.compile(r"\b([hw])\s*=\s*([hw])\s*=\s*(\d+)", re.IGNORECASE)
_SEQUENCE_WORDS = re.compile(
    r"^(\d+)\s*(?:time[ -]?)?steps?\b|(?<=\D)(\d+)\s*(?:units?|features?|neurons?|values?)$", re.IGNORECASE
)
"""The steps come first and the features last, as in a sequence's shape."""
_VECTOR = re.compile(
    r"^(?:vector\s+(?:(?:of|with)\s+)?(?:(?:size|length)\s+)?(\d+)(?:\s+\w+)?|(\d+)[\s-]*dimensional(?:\s+vector)?)$",
    re.IGNORECASE,
)
_HYPHENS = re.compile(r"\d+(?:\s*-\s*\d+){2,}|\d+(?:\s*/\s*\d+){2,}")
_WITH_CHANNELS = re.compile(
    rf"^(?P<rest>\D*\d.*?\d\W*?)\s*(?:,|;|\band\b|\bwith\b|{_CROSS}|@|\()?\s*(?:\bwith\b|\band\b)?\s*"
    rf"(?:(?:a\s+)?(?:{_CHANNEL_WORD}|[kcd](?=\s*[=:]))\s*(?:of|=|:)?\s*(?P<after>\d+)|(?P<before>\d+)\s*{_CHANNEL_WORD})\s*\)?$",
    re.IGNORECASE,
)
_OF_SIZE = re.compile(
    rf"^(?P<channels>\d+)\s*(?:@|{_CHANNEL_WORD}\s*(?:of|at|with|,|:|@|each)*|(?=\d+\s*[x×]\s*\d+\s*maps?$))"
    r"\s*(?:size|shape)?\s*(?P<rest>.+?)(?:\s*maps?)?$",
    re.IGNORECASE,
)
_ORDERS: Mapping[str, tuple[str, ...]] = {
    "hwc": ("height", "width", "channels"), "chw": ("channels", "height", "width"),
    "whc": ("width", "height", "channels"), "cwh": ("channels", "width", "height"),
    "hwd": ("height", "width", "channels"), "whd": ("width", "height", "channels"),
    "dhw": ("channels", "height", "width"), "hwk": ("height", "width", "channels"),
    "lc": ("length", "channels"), "cl": ("channels", "length"),
    "channelsfirst": ("channels",), "channelslast": ("", "channels"), "nchw": ("channels", "height", "width"),
    "nhwc": ("height", "width", "channels"),
}  # fmt: skip
_ORDER = re.compile(
    r"^(?P<said>.*?)\s*[,(\[]?\s*(?P<order>(?:[nhwcdkl]\s*[,x×]?\s*){2,4}|channels?[ -_](?:first|last))\s*[)\]]?$",
    re.IGNORECASE,
)


class WrittenShape(NamedTuple):
    """A parsed shape; `batch` is the text of the batch axis in front of it, if any."""

    sizes: Shape
    batch: str = ""
    written: tuple[WrittenNumber, ...] = ()
    """The sizes with their digits if one is not whole: 2.33x2.33x8. They are not a valid shape."""
    axes: tuple[str, ...] = ()
    """The axes of the sizes if the answer names them; an empty name is the next axis that is not named."""

    def says(self, sizes: tuple[int | Fraction, ...]) -> bool:
        """Whether these equal fractional sizes, to the digits written; one number applies to all of them."""
        if len(self.written) == 1:
            sizes = tuple(size for size in sizes if Fraction(size).denominator > 1)
            return bool(sizes) and all(self.written[0].says(size) for size in sizes)
        same_rank = len(sizes) == len(self.written)
        return same_rank and all(size.says(right) for size, right in zip(self.written, sizes, strict=True))

    def in_order(self, names: tuple[str, ...]) -> Shape | None:
        """The sizes in the order of these axes; None if the answer names others."""
        own = [_own_name(name, names, self.axes) for name in self.axes]
        rest = iter(name for name in names if name not in own)
        own = [name or next(rest, "") for name in own]
        if sorted(own) != sorted(names):
            return None
        return tuple(self.sizes[own.index(name)] for name in names)


def _own_name(name: str, names: tuple[str, ...], axes: tuple[str, ...]) -> str:
    """The axis that a name means here: the depth of a picture is its channels, the rows of a sequence its length."""
    if name == "depth" and ("depth" not in names or "channels" not in axes):
        return "channels"
    if name in ("height", "width") and "length" in names:
        return "length"
    return name


def read_shape(text: str) -> WrittenShape:
    """Parse a shape. Raises SpecError with the position that cannot be parsed."""
    check_length(text)
    try:
        return _strict(text)
    except SpecError as error:
        if found := _read_freely(text):
            return found
        raise error from None


def _strict(text: str) -> WrittenShape:
    inner = text.strip().lstrip("=≈~").strip()
    inner = re.sub(r"^[A-Za-z_.]+\s*(?=[(\[])", "", inner)  # torch.Size(…), TensorShape(…)
    while inner[:1] in tuple("[({") and inner[-1:] in tuple("])}"):
        inner = inner[1:-1].strip()
    if inner.lower() == "scalar" or text.strip() in ("[]", "()"):
        return WrittenShape(())
    start = text.find(inner)
    if gap := _GAP.search(inner):
        raise unreadable(text, start + gap.start(), start + gap.end(), "a size is missing", SHAPE_HINT)
    parts = list(re.finditer(_separated(inner), inner))
    sizes: list[WrittenNumber] = []
    batch = ""
    for place, part in enumerate(parts):
        word = part.group().strip("()[]")
        if place == 0 and len(parts) > 1 and word.lower() in _BATCH:
            batch = word
        elif _SIZE.fullmatch(word.replace(",", "")) and len(word) <= MOST_DIGITS:
            sizes.append(parse_sum(word))
        else:
            message = f'"{part.group()}" is not a size of a shape'
            raise unreadable(text, start + part.start(), start + part.end(), message, SHAPE_HINT)
    if not sizes:
        raise unreadable(text, 0, len(text), "the answer is not a shape", SHAPE_HINT)
    if all(size.value.denominator == 1 for size in sizes):
        return WrittenShape(tuple(int(size.value) for size in sizes), batch)
    return WrittenShape((), batch, tuple(sizes))


def _separated(inner: str) -> str:
    """The pattern of a part: a comma is a thousands separator between `x`s, and before three digits from 0."""
    thousands = r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])"
    if re.search(r"\d\s*[x×X]\s*\d", inner) and "," in inner:
        return rf"{thousands}|[^\s,;x×X*·]+"
    return r"(?<![\d,])[1-9]\d{0,2},0\d\d(?!\d)|[^\s,;x×X*·]+"


def _read_freely(text: str) -> WrittenShape | None:
    """The shape in an answer with words, names of axes or LaTeX; None if there is none."""
    rewritten = re.sub(r"^[A-Za-z][A-Za-z ]*(?:\s*\(?\w*\)?)?\s*:(?=\s*\D*\d)(?!\s*\d+\s*[,;])", "", plain(text))
    rewritten = _squares(re.sub(r"(?<=[\d)])\s*(?:px|pixels?)\b", "", rewritten))
    if named := _named(plain(text)):
        return named
    if whole := _piece(rewritten):
        return whole
    pieces = re.split(r"\s*(==?>|=|->|→|⇒|≈|,?\s*\b(?:so|thus|hence|therefore)\b:?)\s*", rewritten)
    last = _piece(pieces[-1])
    if last is None:
        return None
    if order := _ORDERS.get(re.sub(r"[^a-z]", "", pieces[0].casefold().replace("x", ""))):
        return last._replace(axes=order) if len(order) == len(last.sizes) else None
    for said, link in zip(pieces[::2], pieces[1::2], strict=False):
        other = _piece(said) if link in ("=", "≈") else None
        if other is not None and len(last.sizes) == 1 and prod(other.sizes) == last.sizes[0]:
            last = other  # 14x14x20 = 3920
        elif other is not None and other != last:
            raise _inconsistent(text)
    return last


def _piece(text: str) -> WrittenShape | None:
    """A shape in words, without links."""
    text = without_fillers(text)
    if ordered := _with_order(text):
        return ordered
    for pattern in (_OF_SIZE, _WITH_CHANNELS):
        if (found := pattern.match(text)) and (shape := _with_channels(found)):
            return shape
    if remark := re.fullmatch(r"(.*\d\W*?)\s+\(([^()\d]*)\)", text):
        text = remark[1]
    text = _VECTOR.sub(lambda found: found[1] or found[2], text)
    text = re.sub(r"[\s-]*\bby\b[\s-]*", " x ", text, flags=re.IGNORECASE)
    text = re.sub(r",?\s*\band\s+(?=\d)", ", ", text)
    text = _SEQUENCE_WORDS.sub(r"\1\2", text)
    if _HYPHENS.fullmatch(text):
        text = re.sub(r"[-/]", "x", text)
    text = re.sub(r"\]\s*\[|\)\s*\(|\|", ",", text.strip("<>| "))
    try:
        return _strict(text)
    except SpecError:
        return None


def _named(text: str) -> WrittenShape | None:
    """All sizes with the names of their axes: `H=14, W=14, D=20`, `14 high, 14 wide, 20 deep`."""
    text = _SAME_SIZE.sub(r"\1=\3, \2=\3", without_fillers(text).strip("()[]{} "))
    for pattern, name, size in ((_NAMED, 1, 2), (_NAMED_AFTER, 2, 1)):
        place, found = 0, list[tuple[str, int]]()
        while match := pattern.match(text, place):
            found.append((_AXES[match[name].casefold()], int(match[size][:MOST_DIGITS])))
            between = _BETWEEN.match(text, match.end())
            assert between is not None  # every part of the pattern may be absent
            place = between.end()
        if place == len(text) and len(found) > 1 and len({axis for axis, _ in found}) == len(found):
            return WrittenShape(tuple(number for _, number in found), "", (), tuple(axis for axis, _ in found))
    return None


def _with_channels(found: re.Match[str]) -> WrittenShape | None:
    """The channels by name, and the other sizes in their usual order."""
    groups = found.groupdict()
    channels = int((groups.get("channels") or groups.get("after") or groups.get("before") or "0")[:MOST_DIGITS])
    rest = without_fillers(groups["rest"].strip(" ,;@("))
    if not _PLAIN_SIZE.fullmatch(rest):
        return None
    sizes = tuple(int(number[:MOST_DIGITS]) for number in re.findall(r"\d+", rest))
    return WrittenShape((channels, *sizes), "", (), ("channels", *("",) * len(sizes)))


def _with_order(text: str) -> WrittenShape | None:
    """A shape with the order of its axes in a remark: `20x14x14 (CHW)`."""
    found = _ORDER.match(text)
    axes = _ORDERS.get(re.sub(r"[^a-z]", "", found["order"].casefold().replace("x", ""))) if found else None
    if found is None or axes is None:
        return None
    shape = _piece(found["said"])
    if shape is None or shape.written or shape.axes:
        return None
    if axes[-1] == "channels" and axes[0] == "":
        axes = (*("",) * (len(shape.sizes) - 1), "channels")
    axes = (*axes, *("",) * (len(shape.sizes) - len(axes)))
    return shape._replace(axes=axes) if len(axes) == len(shape.sizes) else None


def _squares(text: str) -> str:
    """`14² x 20` as 14x14x20."""
    return re.sub(r"(\d+)\s*(?:²|\^\s*\(?2\)?(?!\d)|\*\*2(?!\d))", r"\1x\1", text)


def _inconsistent(text: str) -> InconsistentAnswerError:
    found = unreadable(text, 0, len(text), "the answer states two different shapes", "write one shape")
    return InconsistentAnswerError(found.diagnostics)
