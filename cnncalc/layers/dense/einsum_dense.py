from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import ClassVar, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, Weight, show_shape

_EQUATION = re.compile(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?$")


class _EquationLetters(NamedTuple):
    """The letters of an equation, with Greek letters for an ellipsis; the first of `given` and of `made` is the batch.

    `named` are the output's letters in the equation, without the batch.
    """

    given: str
    kernel: str
    made: str
    named: str


class EinsumDense(Layer):
    """Dense layer of any shape: an Einstein sum of the input and a kernel.

    The equation names the axes of the input, the batch first, of the kernel, and of the output: `abc,cd->abd` is a
    dense layer on the last axis, `...x,xy->...y` the same for any rank. `output` gives the sizes of the output's
    letters, without the batch and the axes of an ellipsis. FLOPs: two per multiply–accumulate and one per output for
    the bias.
    """

    type = "einsum_dense"
    without_effect: ClassVar[tuple[str, ...]] = ("lora_alpha", "gptq_unpacked_column_size")
    refused: ClassVar[dict[str, str]] = {"lora_rank": "its low-rank matrices are not counted"}
    family = "dense"
    rule = "einsum_dense: O = Σ x·kernel over the letters missing in the output"
    sources = ("Keras, keras.layers.EinsumDense",)
    examples = (
        '7x13 -> einsum_dense equation="abc,cd→abd" output=7x5 bias_axes=d',
        '7x3x13 -> einsum_dense equation="abhc,hcd→abd" output=7x5',
    )

    equation = declare.text("the axes of input, kernel and output, such as abc,cd->abd")
    output = declare.dimensions(
        "the sizes of the output's letters, without the batch and an ellipsis", aliases=("output_shape",)
    )
    bias_axes = declare.text("letters of the output along which biases are added", default="", default_text="no bias")
    keeps = keeping.TRAINED

    def shape(self, x: Shape) -> Shape:
        letters, sizes = self._letters(x), self._sizes(x)
        wrong = [letter for letter in self.bias_axes if letter not in letters.named]
        if wrong:
            raise Refusal(
                f'"{wrong[0]}" is not an output axis that may have biases', hint=f"choose from {letters.named}",
                field="bias_axes", code="E204",
            )  # fmt: skip
        return tuple(sizes[letter] for letter in letters.made[1:])

    def _letters(self, x: Shape) -> _EquationLetters:
        """The equation for an input of this rank. Raises Refusal if it cannot be parsed, or is for another rank."""
        read = _EQUATION.match(self.equation.replace(" ", "").replace("→", "->"))
        if read is None or bool(read[1] or read[3]) != bool(read[5] or read[7]):
            raise Refusal(
                f'equation "{self.equation}" cannot be parsed', hint="write it as abc,cd->abd", field="equation",
                code="E204",
            )  # fmt: skip
        unnamed = len(x) + 1 - len(read[2])
        if unnamed < 0 or (unnamed > 0 and not (read[1] or read[3])):
            raise Refusal(
                f"equation {self.equation} is for {len(read[2]) - 1} axes without the batch, got {show_shape(x)}",
                field="equation", code="E303",
            )  # fmt: skip
        spelt = "".join(chr(ord("α") + place) for place in range(unnamed))
        given = spelt + read[2] if read[1] else read[2] + spelt
        named = read[6] if read[5] else read[6][1:]
        return _EquationLetters(given, read[4], spelt + read[6] if read[5] else read[6] + spelt, named)

    def _sizes(self, x: Shape) -> dict[str, int]:
        """The size of every letter except the batch's. Raises Refusal if input and output disagree."""
        letters = self._letters(x)
        if letters.made[0] != letters.given[0]:
            raise Refusal(
                f"equation {self.equation} does not keep the batch, the first axis of its input", field="equation",
                code="E303",
            )  # fmt: skip
        if len(letters.named) != len(self.output):
            raise Refusal(
                f'output {show_shape(self.output)} has {len(self.output)} sizes for the axes "{letters.named}"',
                hint="give those of the output's letters, without the batch", field="output", code="E303",
            )  # fmt: skip
        sizes = dict(zip(letters.given[1:], x, strict=True))
        for letter, size in zip(letters.named, self.output, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise Refusal(
                    f'axis "{letter}" is {int(sizes[letter])} in the input, {int(size)} in the output',
                    field="output", code="E308",
                )  # fmt: skip
        lost = [letter for letter in letters.kernel if letter not in sizes]
        if lost:
            raise Refusal(
                f'the kernel\'s axis "{lost[0]}" is neither the input\'s nor the output\'s: its size is unknown',
                field="equation", code="E204",
            )  # fmt: skip
        return sizes

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        letters, sizes = self._letters(x), self._sizes(x)
        positions = tuple(sizes[letter] for letter in letters.made[1:] if letter not in letters.kernel)
        yield Weight("kernel", tuple(sizes[letter] for letter in letters.kernel), positions)
        if self.bias_axes:
            first = min(letters.made.index(letter) for letter in self.bias_axes)
            behind = letters.made[first:]
            shape = tuple(sizes[letter] if letter in self.bias_axes else 1 for letter in behind)
            others = [sizes[letter] for letter in letters.made[1:] if letter not in self.bias_axes]
            yield Weight("bias", shape, tuple(others))

    def macs(self, x: Shape, y: Shape) -> int:
        return prod(self._sizes(x).values())

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y) if self.bias_axes else 0

    def windows(self, x: Shape) -> Sight:
        """Undefined: any axis may be summed over."""
        return ()

    def forward(self, np: ModuleType, x: Array, *, kernel: Array, bias: Array | None = None) -> Array:
        letters = self._letters(tuple(x.shape[1:]))
        places = {letter: place for place, letter in enumerate(dict.fromkeys("".join(letters)))}
        given, taken, made = ([places[letter] for letter in part] for part in letters[:3])
        y = np.einsum(x, given, kernel, taken, made)
        return y if bias is None else y + bias
