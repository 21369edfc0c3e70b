"""Questions of a sheet without a text: students read what they need to answer them."""

from __future__ import annotations

from cnncalc.diagnostics import Source
from cnncalc.homework.sheet import read_sheet
from cnncalc.render.exercises.paper import paper_of
from tests.together import for_each

SEARCHED = "An input of 32×32×3 goes through a convolution of 8 filters of 5×5 with padding p."
UNFITTING = "An input of 10×10×3 goes through a convolution of 8 filters of 3×3 with stride 2."
FIT = '{spec: "10x10x3 -> conv 8 3x3 s2 rounding=exact", ask: output, right: does not fit}'
WRITTEN_OUT = """
    spec: {input: 9x9x3, variables: {p: 0}, layers: [{conv: {filters: 5, kernel: 3, padding: "${p}"}}]}
    find: p
    such_that: {output: 9x9x5}
"""


@for_each(
    ("question", "text", "asks"),
    [
        ("{apply: max_pool 2, data: [[1, 0], [4, 6]]}",
         "Maximum pooling of 2×2 is applied to [[1, 0], [4, 6]].", "Result"),
        ("{apply: dense 2, data: [1, 2], weights: [[1, 0], [3, 1]], bias: [0, 1]}",
         "A dense layer of 2 units is applied to [1, 2], with the weights [[1, 0], [3, 1]] and the bias [0, 1].",
         "Result"),
        ("{apply: dense 1, data: [1, 2], weights: [[1], [3]]}",
         "A dense layer of 1 unit is applied to [1, 2], with the weights [[1], [3]].", "Result"),
        ("{apply: add, data: [1, 2], second_data: [3, 4]}", "Addition is applied to [1, 2] and [3, 4].", "Result"),
        ('{spec: "32x32x3 -> conv 8 5x5 padding=${p}", find: p, such_that: {output: 32x32x8}}',
         f"{SEARCHED} Find p such that output = 32x32x8.", "Padding"),
        (WRITTEN_OUT, "Find p such that output = 9x9x5.", "Padding"),
        (FIT, f"{UNFITTING} Here, a size that is not whole is an error.", "Shape of the output"),
        (FIT.replace("{spec", "{text: Does it fit?, spec"), "Does it fit?", "Shape of the output"),
    ],
)  # fmt: skip
def test_what_students_read(question: str, text: str, asks: str) -> None:
    (task,) = paper_of(read_sheet(Source("sheet.yaml", f"questions:\n  - {question}\n"))).tasks
    assert (task.text, task.prompts[0].asks) == (text, asks)
