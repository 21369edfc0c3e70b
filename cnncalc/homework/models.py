"""The models of a sheet: equal ones are built once, and their total size is limited like that of one model."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.work import LayerCount
from cnncalc.homework.figure_paths import AskedModel, ask, subject
from cnncalc.homework.judge import Question
from cnncalc.homework.rework import Workings
from cnncalc.number_text import thousands
from cnncalc.reading.limits import Limits, limits_of
from cnncalc.reading.load import Reference

_WORK_OF_A_CHARACTER = 35
"""The budget of the search for mistakes per character of a sheet; at least that of one model."""


class TooManyLayersError(SpecError):
    """The models of a sheet and its answers have too many layers in total."""


class Models:
    """A builder of a sheet's models. `limits` are those given by the caller, else the defaults of `check`."""

    def __init__(self, characters: int, limits: Limits | None = None) -> None:
        given = limits_of("check", limits)
        self.limits = given.expanded(characters)
        self.workings = workings_of(given, characters)
        self._cache = BuildCache()
        self._layers = 0
        self._known: dict[str, AskedModel | SpecError] = {}
        self._questions: dict[tuple[int, str], Question] = {}

    def subject(self, source: Reference, **options: Any) -> AskedModel:
        """The subject of a spec; options are those of `analyze`. Raises SpecError."""
        key = repr((source, sorted(options.items())))
        if key not in self._known:
            self._known[key] = self._built(source, **options)
        found = self._known[key]
        if isinstance(found, SpecError):
            raise found
        return found

    def question(self, about: AskedModel, path: str) -> Question:
        """The question for a metric, shared by all parts that ask for it. Raises SpecError."""
        key = (id(about), path)
        if key not in self._questions:
            self._questions[key] = Question(about, ask(about, path))
        return self._questions[key]

    def _built(
        self, source: Reference, *, batch: int = 1, dtype: str | None = None, **options: Any
    ) -> AskedModel | SpecError:  # fmt: skip
        if self._layers > self.limits.layers:
            layers, most = thousands(self._layers), thousands(self.limits.layers)
            message = f"the sheet's models have {layers} layers in total; the limit is {most}"
            hint = "equal models count once: use fewer models, or give --max-layers N"
            raise TooManyLayersError([Diagnostic("E103", message, hint=hint)])
        built = LayerCount()
        try:
            graph = load(source, limits=self.limits, cache=self._cache, built=built, **options)
            return subject(graph, self.workings, batch=batch, dtype=dtype)
        except SpecError as error:
            return error
        finally:
            self._layers += built.layers


def workings_of(limits: Limits, characters: int) -> Workings:
    """The budget for texts with this number of characters, which grows with the layer limit."""
    most = max(Workings.MOST, _WORK_OF_A_CHARACTER * characters)
    return Workings(most * max(1, limits.layers // Limits().layers))
