"""Record the networks of keras.applications as Keras saves them, with its own shapes and parameters of each layer.

    KERAS_BACKEND=torch python -m tests.oracles.record_keras_files

writes tests/data/keras_files.json.xz; with --layers tests/data/keras_layers.json.xz, of the small models beside this
file. The networks are built on PyTorch's meta device, which holds no weights.
"""

from __future__ import annotations

import json
import lzma
import sys
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "data" / "keras_files.json.xz"
LAYERS = FILE.with_name("keras_layers.json.xz")
_NASNET_MOBILE = {
    "input_shape": (224, 224, 3), "penultimate_filters": 1056, "num_blocks": 4, "stem_block_filters": 32,
    "skip_reduction": False, "filter_multiplier": 2, "default_size": 224, "name": "nasnet_mobile",
}  # fmt: skip
"""The arguments of NASNetMobile, which Keras does not offer with PyTorch."""


@cache
def recorded(file: Path) -> dict[str, Any]:
    """The records in a file: each model's configuration, parameters, outputs and layers by its name."""
    found: dict[str, Any] = json.loads(lzma.decompress(file.read_bytes()))
    return found


def main() -> None:
    import keras

    from tests.oracles.keras_models import models

    if "--layers" in sys.argv:
        _write(LAYERS, {name: _record(model) for name, model in models(keras)})
        return
    with keras.device("meta"):
        _write(FILE, {name: _record(_model(keras, name)) for name in dir(keras.applications) if name[0].isupper()})


def _write(file: Path, records: dict[str, Any]) -> None:
    text = json.dumps(records, separators=(",", ":"))
    file.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def _model(keras: Any, name: str) -> Any:
    keras.backend.clear_session()
    if name == "NASNetMobile":
        from keras.src.applications.nasnet import NASNet

        return NASNet(weights=None, **_NASNET_MOBILE)
    shape = {"input_shape": (224, 224, 3)} if name.startswith("MobileNetV3") else {}  # the others have a size
    return getattr(keras.applications, name)(weights=None, **shape)


def _record(model: Any) -> dict[str, Any]:
    rows = {layer.name: [_sizes(layer.output), layer.count_params()] for layer in model.layers}
    outputs = [_sizes(each) for each in model.outputs]
    return {"model": json.loads(model.to_json()), "params": model.count_params(), "outputs": outputs, "layers": rows}


def _sizes(tensor: Any) -> Any:
    return [_sizes(each) for each in tensor] if isinstance(tensor, list | tuple) else list(tensor.shape[1:])


if __name__ == "__main__":
    main()
