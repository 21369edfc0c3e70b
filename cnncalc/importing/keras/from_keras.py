"""The public call `cnncalc.from_keras`: a Keras model in memory, through the JSON that it writes of itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cnncalc.importing.document import LiveModel
from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import Request, fail
from cnncalc.importing.keras.container import ModelConfig
from cnncalc.importing.keras.network import draft_of


def from_keras(model: Any, input: Any = None) -> LiveModel:
    """A Keras model as a model that every function of this package takes in place of a spec.

    The model describes itself, by `to_json`; Keras is not imported, and nothing is computed. `input` is the shape of a
    sample for a Sequential model that was never called. Raises SpecError for a subclassed model, which cannot list its
    layers, and for anything else than a model.

        model = cnncalc.from_keras(keras.applications.MobileNetV2(weights=None))
        print(cnncalc.analyze(model).totals.params)
    """
    kind = type(model).__name__
    name = str(getattr(model, "name", kind))
    if not callable(getattr(model, "to_json", None)):
        fail(name, f"from_keras needs a Keras model, got {kind}", code="E204")
    try:
        config = json.loads(model.to_json())
    except (NotImplementedError, TypeError, ValueError) as error:
        hint = "build it with the Functional API, or export it to ONNX"
        fail(name, f"the model does not describe its layers: {error}", hint)
    shapes = {} if (shape := _shape_of(input)) is None else {"": shape}
    version = str(config.get("keras_version", ""))

    def draft(others: Mapping[str, tuple[int, ...]]) -> Draft:
        return draft_of(ModelConfig(config, version), Request(name, shapes={**shapes, **others}))

    return LiveModel(draft({}), draft)


def _shape_of(input: Any) -> tuple[int, ...] | None:
    from cnncalc.layers.shapes import as_shape

    return None if input is None else as_shape(input)
