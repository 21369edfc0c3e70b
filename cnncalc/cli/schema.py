"""Print a JSON Schema of the YAML form, for completion and checks in editors"""

from __future__ import annotations

from cnncalc.cli._command import command
from cnncalc.cli._console import emit


@command(examples=("cnncalc schema", "cnncalc schema > cnncalc.schema.json"))
def schema() -> None:
    """Print a JSON Schema (draft 2020-12) of the YAML form of a spec.

    Editors with the YAML language server use it if the first line of the spec is, for example,
    `# yaml-language-server: $schema=cnncalc.schema.json`.
    """

    from cnncalc.render.json_text import json_text
    from cnncalc.render.schema import spec_schema

    emit(json_text(spec_schema()))
