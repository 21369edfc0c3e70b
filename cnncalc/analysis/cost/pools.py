"""Arrays that are live at the same time, with a running sum of their bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cnncalc.analysis.cost.storages import WEIGHT, Storage


class LiveStorages:
    """The storages that are live; those that are `held` are never closed."""

    def __init__(self, every: Sequence[Storage], held: Iterable[int]) -> None:
        self.total = 0
        self._every = every
        self._held = frozenset(held)
        self._live: set[int] = set()

    def __contains__(self, storage: int) -> bool:
        return storage in self._live

    def open(self, storages: Iterable[int]) -> None:
        for storage in storages:
            if storage != WEIGHT and storage not in self._live:
                self._live.add(storage)
                self.total += self._every[storage].size

    def close(self, storages: Iterable[int]) -> None:
        for storage in storages:
            if storage in self._live and storage not in self._held:
                self._live.discard(storage)
                self.total -= self._every[storage].size


class LiveGradients:
    """The gradients of outputs, by node. Nodes may share an array, which is then copied before more is added to it."""

    def __init__(self) -> None:
        self.total = 0
        self._arrays: dict[int, list[int]] = {}
        """By node: the size of its array, and the number of nodes that share it; a list shared by those nodes."""

    def begin(self, node: int, size: int) -> None:
        if node not in self._arrays:
            self._arrays[node] = [size, 1]
            self.total += size

    def pass_on(self, node: int, source: int, size: int) -> None:
        """Use the gradient of `node`, or `size` bytes of it, for `source` as well."""
        array = self._arrays[node]
        if source not in self._arrays:
            self._arrays[source] = array
            array[1] += 1
        else:
            self.add(source, size)

    def add(self, source: int, size: int) -> bool:
        """Add a new gradient to that of `source`; whether `source` has one already."""
        array = self._arrays.get(source)
        if array is None:
            self.begin(source, size)
            return False
        if array[1] > 1:  # another node reads this array, so the sum is a new one
            array[1] -= 1
            self._arrays[source] = [size, 1]
            self.total += size
        return True

    def end(self, node: int) -> None:
        array = self._arrays.pop(node, None)
        if array is not None:
            array[1] -= 1
            if not array[1]:
                self.total -= array[0]
