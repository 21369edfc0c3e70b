"""The limit of the layers of all models of a sheet."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.graph.work import LayerCount
from cnncalc.homework.models import Models, TooManyLayersError
from cnncalc.reading.limits import Limits


def test_the_models_before_count() -> None:
    """A model is built while those before have at most the limit; equal ones count once."""
    first = LayerCount()
    load("7 -> relu", built=first)
    models = Models(0, Limits(layers=first.layers))
    models.subject("7 -> relu")
    models.subject("7 -> relu")
    models.subject("8 -> relu")
    with pytest.raises(TooManyLayersError, match=f"the sheet's models have {2 * first.layers} layers in total"):
        models.subject("9 -> relu")
