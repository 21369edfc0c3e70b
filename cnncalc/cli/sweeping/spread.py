"""A bounded sample, spread evenly over rows whose number is not known in advance."""

from __future__ import annotations

MOST = 100


class Spread:
    """Takes every row at first, and half as many whenever `MOST` are exceeded; the first row always stays."""

    def __init__(self) -> None:
        self.chosen: list[tuple[int, str]] = []
        """The combinations by number, and the texts of their rows."""
        self._step = 1
        self._seen = 0

    def add(self, place: int, text: str) -> None:
        """Offer a row."""
        if self._seen % self._step == 0:
            self.chosen.append((place, text))
            if len(self.chosen) > MOST:
                self.chosen = self.chosen[::2]
                self._step *= 2
        self._seen += 1
