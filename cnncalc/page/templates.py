"""Parts of a page that are shown on demand, each stored once however many layers share it."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.render.html_text import Html, element


class Templates:
    """The parts with their numbers; the script finds part 3 under the id `part-3`."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, part: Html) -> int:
        """The number of a part, the same one for equal parts."""
        return self._numbers.setdefault(part, len(self._numbers))

    def elements(self) -> Iterator[Html]:
        for part, number in self._numbers.items():
            yield element("template", Html(part), id=f"part-{number}")
