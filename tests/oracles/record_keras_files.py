"""Record networks of keras.applications as Keras saves them, with its own shapes and parameters of each layer.

    KERAS_BACKEND=jax python -m tests.oracles.record_keras_files

writes tests/data/keras_files.zip. Weights are not saved.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

NAMES = ("ResNet50", "MobileNetV2", "DenseNet121", "EfficientNetB0", "NASNetMobile", "ConvNeXtTiny")
FILE = Path(__file__).parent.parent / "data" / "keras_files.zip"


def main() -> None:
    import keras

    with zipfile.ZipFile(FILE, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in NAMES:
            model = getattr(keras.applications, name)(weights=None)
            rows = {layer.name: [list(layer.output.shape[1:]), layer.count_params()] for layer in model.layers}
            archive.writestr(f"{name}.json", model.to_json())
            archive.writestr(f"{name}.rows", json.dumps({"params": model.count_params(), "layers": rows}))


if __name__ == "__main__":
    main()
