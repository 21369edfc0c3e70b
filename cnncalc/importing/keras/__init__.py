"""Keras models of every version: `.keras`, JSON, TensorFlow.js `model.json`, and `.h5` with the extra `h5`.

Sources: the saving code of Keras 1.2, 2.2, 2.15 and 3, and of tfjs-converter.
"""

from __future__ import annotations

import re

from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import Request

ENDINGS = (".keras", ".h5")
_JSON = re.compile(rb'\s*\{(?=.*?"(?:class_name|modelTopology|keras_version|model_config)"\s*:)', re.DOTALL)


def recognizes(head: bytes, path: str) -> bool:
    """Whether the file is a zip with Keras's `metadata.json`, JSON with a model's class, or HDF5."""
    if head.startswith(b"PK\x03\x04"):
        return b"metadata.json" in head[:200] or b"config.json" in head[:200] or b"model.weights.h5" in head
    return head.startswith(b"\x89HDF\r\n\x1a\n") or _JSON.match(head) is not None


def read(request: Request) -> Draft:
    """The draft of a model. Raises SpecError (E111)."""
    from cnncalc.importing.keras.container import config_of
    from cnncalc.importing.keras.network import draft_of

    return draft_of(config_of(request), request)
