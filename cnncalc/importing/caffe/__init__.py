"""Caffe's network definitions, `.prototxt`: the text format of protocol buffers, with a `layer` for each layer.

Sources: caffe.proto and the layer catalogue of BVLC's Caffe; the upper-case types of `layers` are those of its
upgrade_proto.cpp.
"""

from __future__ import annotations

import re

from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import Request, check_written_layers, read_text

ENDINGS = (".prototxt",)
SETTINGS = ("phase", "regions")
_LAYER = re.compile(rb"^(?:[^#\n]*[\s}])?layers?[ \t]*:?[ \t\r\n]*\{", re.MULTILINE)
_WRITTEN = re.compile(r"(?:^|[\s}])layers?\s{0,9}:?\s{0,9}\{")
_FIELD = re.compile(rb"(?:\s|#[^\n]*\n)*(?:name|layers?|input|input_dim|input_shape|force_backward|state)\s*[:{]")


def recognizes(head: bytes, path: str) -> bool:
    """Whether the text begins with a field of a network, and has a layer in braces."""
    return _FIELD.match(head) is not None and _LAYER.search(head) is not None


def read(request: Request) -> Draft:
    """The draft of a network in the phase TEST, or that of `--set phase=TRAIN`. Raises SpecError (E111)."""
    from cnncalc.importing.caffe.network import draft_of
    from cnncalc.importing.caffe.text_format import parse

    source = read_text(request)
    check_written_layers(request, _WRITTEN, source)
    return draft_of(source, parse(source, request.limits.nesting), request)
