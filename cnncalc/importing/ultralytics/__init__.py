"""Model files of Ultralytics YOLO and of YOLOv5: YAML with rows `[from, repeats, module, arguments]`.

Sources: the modules and the printed tables of the packages `ultralytics` (versions 3 to 26 of the models, RT-DETR) and
of the YOLOv5 repository, and the papers that each module's file names.
"""

from __future__ import annotations

import re

from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import Request, check_written_layers, read_text

ENDINGS = ()
"""The files end as specs do."""
SETTINGS = ("scale", "classes", "nc")
HAS_VARIANTS = True

_ROWS = re.compile(rb"""^["']?(?:backbone|head)["']?[ \t]*:[ \t\r]*(?:\[|#|-|&|$)""", re.MULTILINE)
_ROW = re.compile(r"^[ \t]*-[ \t]*\[[ \t]*(?:-?[0-9]|\[)", re.MULTILINE)
_KEYS = re.compile(rb"""^["']?(backbone|head|nc|scales|depth_multiple)["']?[ \t]*:""", re.MULTILINE)


def recognizes(head: bytes, path: str) -> bool:
    """Whether the text has a list of rows as `backbone` or `head`, and two of the keys of such files."""
    return _ROWS.search(head) is not None and len({found[1] for found in _KEYS.finditer(head)}) > 1


def read(request: Request) -> Draft:
    """The draft of a model. Raises SpecError: E101 to E107 for what is not YAML, E111 for what the library rejects."""
    from cnncalc.importing.ultralytics.model_yaml import read_model_yaml
    from cnncalc.importing.ultralytics.network import draft_of

    source = read_text(request)
    check_written_layers(request, _ROW, source)
    return draft_of(read_model_yaml(source, request), request)
