"""Devices: the peak rate of arithmetic and the bandwidth of memory, as written or from a table of data sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, SpecError, did_you_mean
from cnncalc.number_text import decimal


class Device(NamedTuple):
    """A device with its rates; operations per second are FLOPs, two per multiply–accumulate."""

    name: str
    flops_per_second: float
    bytes_per_second: float
    source: str = ""

    @property
    def balance(self) -> float:
        """The FLOPs per byte above which arithmetic takes longer than memory."""
        return self.flops_per_second / self.bytes_per_second

    @property
    def rates(self) -> str:
        return f"{self.peak}, {self.bandwidth}"

    @property
    def peak(self) -> str:
        return f"{_rate(self.flops_per_second)}FLOP/s"

    @property
    def bandwidth(self) -> str:
        return f"{_rate(self.bytes_per_second)}B/s"


class _Sheet(NamedTuple):
    """The entries of a data sheet: TFLOP/s by data type, and GB/s."""

    teraflops: Mapping[str, float]
    gigabytes: float
    source: str


def _gpu(single: float, half: float, gigabytes: float, source: str, *, bfloat16: float = 0) -> _Sheet:
    return _Sheet({"float32": single, "float16": half, "bfloat16": bfloat16 or half}, gigabytes, source)


_HALVED = "float16 accumulation; bfloat16 is half of it"

DEVICES: Mapping[str, _Sheet] = {
    "a100-40gb": _gpu(19.5, 312, 1555, "NVIDIA A100 data sheet, 40 GB SXM"),
    "a100-80gb": _gpu(19.5, 312, 2039, "NVIDIA A100 data sheet, 80 GB SXM"),
    "h100-sxm": _gpu(67, 989.4, 3350, "NVIDIA H100 data sheet, SXM, without sparsity"),
    "v100-sxm2": _Sheet({"float32": 15.7, "float16": 125}, 900, "NVIDIA V100 data sheet, SXM2"),
    "t4": _Sheet({"float32": 8.1, "float16": 65}, 320, "NVIDIA T4 data sheet"),
    "rtx-3090": _gpu(35.6, 142, 936, f"NVIDIA Ampere GA102 white paper, {_HALVED}", bfloat16=71),
    "rtx-4090": _gpu(82.6, 330.3, 1008, f"NVIDIA Ada white paper, {_HALVED}", bfloat16=165.2),
}
"""Devices by name. float32 is without TF32; float16 and bfloat16 are the tensor cores' dense rates.

GeForce cards accumulate in float32, which bfloat16 always does, at half the rate of float16."""

_PREFIXES: Mapping[str, float] = {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
_UNITS = "FLOPs?/s|FLOPS|OPs?/s|OPS|MACs?/s|B/s|Bps|iB/s"
_RATE = re.compile(
    rf"([0-9]{{1,18}}(?:\.[0-9]{{1,18}})?(?:e[+-]?[0-9]{{1,2}})?)\s*([kMGTPE]?)({_UNITS})", re.IGNORECASE
)
_EXAMPLE = 'write "19.5 TFLOP/s, 1.5 TB/s"'


def device_of(text: str, dtype: str) -> Device:
    """The device called `text`, or with the rates that it states. Raises SpecError if it is neither."""
    sheet = DEVICES.get(_key(text))
    if sheet is None:
        return _written(text)
    if dtype not in sheet.teraflops:
        known = ", ".join(sheet.teraflops)
        raise _wrong(f"{text} has no peak rate for {dtype}; the table has {known}", f"{_EXAMPLE}, or choose --dtype")
    return Device(text.strip(), sheet.teraflops[dtype] * 1e12, sheet.gigabytes * 1e9, sheet.source)


def _written(text: str) -> Device:
    parts = [part.strip() for part in text.split(",")]
    rates: dict[str, float] = {}
    for part in parts:
        found = _RATE.fullmatch(part)
        if found is None:
            hint = _similar(text) if len(parts) == 1 else ""
            names = ", ".join(DEVICES)
            raise _wrong(
                f'"{part[:60]}" is neither a rate nor a known device', hint or f"{_EXAMPLE}, or one of {names}"
            )
        number, prefix, unit = found.groups()
        kind = "memory" if unit.lower().startswith("b") else "arithmetic"
        if unit.lower().startswith("ib"):
            raise _wrong(f"{part} has a binary unit", "data sheets give powers of ten: write GB/s")
        if kind in rates:
            raise _wrong(f"two rates of {kind} are given", _EXAMPLE)
        factor = _PREFIXES[prefix.lower() if prefix.lower() == "k" else prefix.upper()]
        rates[kind] = float(number) * factor * (2 if unit.lower().startswith("mac") else 1)
    for kind in ("arithmetic", "memory"):
        if not rates.get(kind):
            raise _wrong(f"the rate of {kind} is missing or 0", _EXAMPLE)
    return Device("", rates["arithmetic"], rates["memory"])


def _similar(text: str) -> str:
    """The devices whose names begin with the text, or the one that is similar."""
    word = _key(text)
    begin = [name for name in DEVICES if word and name.startswith(word)]
    return f"choose {' or '.join(begin)}" if len(begin) > 1 else did_you_mean(word, DEVICES)


def _key(text: str) -> str:
    return text.strip().lower().replace(" ", "-").replace("_", "-")


def _wrong(message: str, hint: str) -> SpecError:
    return SpecError([Diagnostic("E204", f"device: {message}", hint=hint)])


def _rate(number: float) -> str:
    for prefix in "EPTGMk":
        if number >= _PREFIXES[prefix]:
            return f"{decimal(number / _PREFIXES[prefix], 4)} {prefix}"
    return f"{decimal(number, 4)} "
