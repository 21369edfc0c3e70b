"""Which outputs a model has, where its variants differ in them."""

from __future__ import annotations

import pytest

from cnncalc import SpecError, analyze

SPEC = """
input: 8x8x4
variables: {auxiliary: true}
variants:
  plain: {auxiliary: false}
layers:
  - conv 4 1x1 name=features
  - {when: "${auxiliary}", conv: 3 1x1, name: aux}
  - conv 2 1x1 from=features name=out
outputs: {out: out, aux: "${'aux' if auxiliary else ''}"}
expect: {output: 8x8x2}
"""


@pytest.mark.parametrize(
    ("auxiliary", "outputs"),
    [(True, [("out", (8, 8, 2)), ("aux", (8, 8, 3))]), (False, [("out", (8, 8, 2))])],
)
def test_an_output_that_comes_out_empty_is_left_out(auxiliary: bool, outputs: list[tuple[str, object]]) -> None:
    """An auxiliary head is an output where it exists."""
    report = analyze(SPEC, variables={"auxiliary": auxiliary})
    assert [(each.name, each.shape) for each in report.outputs] == outputs


def test_an_output_written_empty_is_a_mistake() -> None:
    """Only an expression leaves one out."""
    with pytest.raises(SpecError, match="no layer"):
        analyze(SPEC.replace("\"${'aux' if auxiliary else ''}\"", '""'))
