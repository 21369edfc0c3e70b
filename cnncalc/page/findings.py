"""The findings of lint as a list, and as marks of layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.page.folding import BoxMark
from cnncalc.render.html_text import Html, element, joined


class PageFinding(NamedTuple):
    """A finding: what it is, where, and the layers that it is about."""

    code: str
    severity: str
    message: str
    hint: str
    place: str
    line: int
    layers: tuple[str, ...]


def finding_marks(findings: Iterable[PageFinding]) -> Iterator[tuple[str, BoxMark]]:
    """The mark of each layer that a finding is about, that of the first one."""
    found: dict[str, BoxMark] = {}
    for finding in findings:
        for name in finding.layers:
            found.setdefault(name, BoxMark("finding", "!", f"{finding.code}: {finding.message}"))
    return iter(found.items())


def findings_element(findings: Iterable[PageFinding], layers: dict[str, int]) -> Html:
    """The list; each finding names the numbers of its layers, so that the script shows it at them."""
    return element("ul", *(_finding(finding, layers) for finding in findings), class_="findings")


def _finding(finding: PageFinding, layers: dict[str, int]) -> Html:
    numbers = " ".join(str(layers[name]) for name in finding.layers if name in layers)
    hint = element("span", finding.hint, class_="hint") if finding.hint else ""
    parts = (
        element("b", finding.code, class_=f"severity {finding.severity}", title=finding.severity),
        element("span", finding.message),
        hint,
        element("span", finding.place, class_="place"),
    )
    return element("li", joined(parts, " "), data_layers=numbers)
