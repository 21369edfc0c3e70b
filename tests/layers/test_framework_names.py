"""The table of usual aliases, which saves loading all types, agrees with the types."""

from __future__ import annotations

import subprocess
import sys

from cnncalc.layers import registry
from cnncalc.layers.spelling import normal
from tests.together import for_each


@for_each(("alias", "name"), registry.FRAMEWORK_NAMES.items())
def test_each_name_is_an_alias_of_its_type(alias: str, name: str) -> None:
    """The type has the alias, and no other type has it."""
    having = [
        kind.type for kind in registry.load_all().values() if alias in map(normal, (kind.type, *kind.aliases))
    ]  # fmt: skip
    assert having == [name]


def test_a_usual_alias_loads_one_type() -> None:
    """`MaxPooling2D` loads the type max_pool alone: its module, and those that it imports."""
    code = (
        "import sys; from cnncalc.layers.registry import find; print(find('MaxPooling2D')[0].type);"
        "print(any('.layers.recurrent' in name or '.layers.merge' in name for name in sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["max_pool", "False"]
