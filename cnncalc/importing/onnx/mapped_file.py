"""An ONNX file mapped into memory, and the draft of its graph."""

from __future__ import annotations

import mmap

from cnncalc.diagnostics import PartedSource
from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import Request, fail
from cnncalc.importing.onnx.conversion import Conversion
from cnncalc.importing.onnx.onnx_tape import LAYOUT
from cnncalc.importing.onnx.operators import find
from cnncalc.importing.onnx.proto import Model, read_model
from cnncalc.importing.onnx.wire import FieldCount, FieldLimit, WireError, WireMessage
from cnncalc.importing.patterns import recognize
from cnncalc.number_text import thousands


def draft_of(request: Request) -> Draft:
    """The draft of a model. Raises SpecError (E111)."""
    try:
        with open(request.path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return _draft(memoryview(mapped), request)
    except FieldLimit:
        most = thousands(request.limits.fields)
        fail(request.path, f"the graph has more than {most} fields", "--max-layers raises the limit", code="E103")
    except WireError as error:
        fail(request.path, f"the file is damaged at byte {thousands(error.offset)}: {error}", "export the model again")
    except (OSError, ValueError) as error:
        fail(request.path, f"the file cannot be read: {getattr(error, 'strerror', None) or error}", code="E106")


def _draft(data: memoryview, request: Request) -> Draft:
    """The draft of mapped bytes, which are let go at the end: a draft holds no arrays, whose numbers may be unread."""
    try:
        model = read_model(WireMessage(data, FieldCount(request.limits.fields)))
        if model.graph is None:
            fail(request.path, "the file holds no graph", "export the model again")
        return _converted(model, request)
    finally:
        model = Model()
        data.release()


def _converted(model: Model, request: Request) -> Draft:
    assert model.graph is not None
    conversion = Conversion(request, model, find)
    outputs = conversion.run(model.graph)
    draft = Draft(
        PartedSource(request.path), f"ONNX (opset {model.opset})", conversion.tape.convention, LAYOUT,
        conversion.tape.inputs, conversion.tape.layers, outputs, name="",
        follows_input=conversion.reads_sizes,
    )  # fmt: skip
    recognize(draft, conversion.disputed)
    return draft
