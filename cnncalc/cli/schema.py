"""Print a JSON Schema of the YAML form, for editors that complete and check"""

from __future__ import annotations

from cnncalc.cli._command import command
from cnncalc.cli._console import emit


@command(examples=("cnncalc schema", "cnncalc schema > cnncalc.schema.json"))
def schema() -> None:
    """Print a JSON Schema (draft 2020-12) of the YAML form of a spec.

    Editors with the YAML language server use it after a first line such as
    `# yaml-language-server: $schema=cnncalc.schema.json` in the spec.
    """
    import json

    from cnncalc.render.schema import spec_schema

    emit(json.dumps(spec_schema(), ensure_ascii=False, indent=2))
