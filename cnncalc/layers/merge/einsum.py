from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from math import prod
from string import ascii_letters
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, show_shape

_TERM = r"[a-zA-Z]*(?:\.\.\.[a-zA-Z]*)?"
_EQUATION = re.compile(rf"({_TERM}(?:,{_TERM})*)(?:->({_TERM}))?$")


class Einsum(Layer):
    """Einstein sum: products of the inputs over named axes, summed over the axes missing in the output.

    The equation names each input's axes, the batch first, and the output's: `bhqd,bhkd->bhqk` compares queries with
    keys. A learned array has no batch axis: `bnc,cd->bnd`. An ellipsis denotes the axes without a letter:
    `...c,cd->...d`. Without an arrow the output has the letters that appear once, in alphabetical order. An axis of
    size 1 is broadcast. MACs: one for each combination of the letters and each input after the first, if an axis is
    summed. FLOPs: two per multiply–accumulate; without a sum, one for each product; with one input, the additions.
    """

    type = "einsum"
    family = "merge"
    least_axes = 0
    rule = "einsum: O = Σ of the inputs' products over the letters missing in the output"
    sources = ("PyTorch, torch.einsum", "ONNX operators, Einsum", "Keras, keras.ops.einsum", "NumPy, numpy.einsum")
    examples = (
        'q: 8x49x32, k: 8x49x32 -> einsum equation="bhqd,bhkd->bhqk" from=[q, k]',
        '49x64 -> einsum equation="bnc->bcn"',
        '49x64 -> einsum(identity | parameter 64x32) equation="...c,cd->...d"',
    )
    inputs: ClassVar[tuple[int, int | None]] = (1, None)
    branching = True
    keeps = keeping.OTHERS

    equation = declare.text("the axes of the inputs and of the output, such as bij,bjk->bik", aliases=("subscripts",))

    def shape(self, *inputs: Shape) -> Shape:
        terms, made = self._letters(inputs)
        batched = self._batched(inputs)
        kept = [term for term, has_batch in zip(terms, batched, strict=True) if has_batch]
        without = [term for term, has_batch in zip(terms, batched, strict=True) if not has_batch]
        if kept and any(made[:1] != term[:1] or term[:1] in term[1:] for term in (*kept, made)):
            raise Refusal(
                f"equation {self.equation} does not keep the batch, the first axis of every input and of the output",
                hint="begin every term with the same letter; only a learned array has no batch axis", field="equation",
                code="E303",
            )  # fmt: skip
        if kept and any(made[0] in term for term in without):
            raise Refusal(
                f'"{made[0]}" is the batch, which a learned array does not have', field="equation", code="E303"
            )
        sizes = self._sizes(*inputs)
        left = made[1:] if kept else made
        for letter in left:
            if letter not in sizes or made.count(letter) > 1:
                what = "is not an axis of an input" if letter not in sizes else "appears twice in the output"
                raise Refusal(f'"{letter}" {what}', field="equation", code="E204")
        return tuple(sizes[letter] for letter in left)

    def _batched(self, inputs: tuple[Shape, ...]) -> list[bool]:
        """Whether each term begins with the batch: all except those of learned arrays."""
        return [place not in self.unbatched for place, _ in enumerate(inputs)]

    def _letters(self, inputs: tuple[Shape, ...]) -> tuple[list[str], str]:
        """The letters of each input, and of the output, an ellipsis replaced by letters of its own.

        Raises Refusal if the equation cannot be parsed, or is for another number of inputs.
        """
        equation = self.equation.replace(" ", "").replace("→", "->")
        read = _EQUATION.match(equation)
        if read is None:
            raise Refusal(
                f'equation "{self.equation}" cannot be parsed', hint="write it as bij,bjk->bik or ...c,cd->...d",
                field="equation", code="E204",
            )  # fmt: skip
        terms = read[1].split(",")
        if len(terms) != len(inputs):
            raise Refusal(
                f"equation {self.equation} is for {len(terms)} {'input' if len(terms) == 1 else 'inputs'}, "
                f"got {len(inputs)}",
                field="equation", code="E307",
            )  # fmt: skip
        made = read[2] if read[2] is not None else _left_once(terms)
        ranks = [len(x) + has_batch for x, has_batch in zip(inputs, self._batched(inputs), strict=True)]
        return _without_ellipsis(terms, made, ranks)

    def _sizes(self, *inputs: Shape) -> dict[str, int]:
        """The size of every letter except the batch's, with 1 broadcast. Raises Refusal if inputs disagree."""
        sizes: dict[str, int] = {}
        for term, shape, has_batch in zip(self._letters(inputs)[0], inputs, self._batched(inputs), strict=True):
            letters = term[1:] if has_batch else term
            if len(letters) != len(shape):
                apart = " without the batch" if has_batch else ""
                raise Refusal(
                    f'"{term}" names {len(letters)} axes{apart}, got {show_shape(shape)}', field="equation", code="E303"
                )
            for letter, size in zip(letters, shape, strict=True):
                known = sizes.setdefault(letter, size)
                if known == 1:
                    sizes[letter] = size
                elif size not in (1, known):
                    raise Refusal(
                        f'axis "{letter}" is {int(known)} in one input and {int(size)} in another',
                        field="equation", code="E308",
                    )  # fmt: skip
        return sizes

    def _sums(self, sizes: dict[str, int], inputs: tuple[Shape, ...]) -> bool:
        return not set(sizes) <= set(self._letters(inputs)[1])

    def macs(self, *shapes: Shape) -> int:
        sizes = self._sizes(*shapes[:-1])
        return prod(sizes.values()) * (len(shapes) - 2) if self._sums(sizes, shapes[:-1]) else 0

    def elementwise(self, *shapes: Shape) -> int:
        sizes = self._sizes(*shapes[:-1])
        if self._sums(sizes, shapes[:-1]):
            return prod(sizes.values()) - prod(shapes[-1]) if len(shapes) == 2 else 0
        return prod(shapes[-1]) * (len(shapes) - 2)

    def windows(self, *inputs: Shape) -> Sight:
        """Undefined: any axis may be summed over."""
        return ()

    def forward(self, np: ModuleType, *arrays: Array) -> Array:
        inputs = tuple(tuple(array.shape[1:]) for array in arrays)
        terms, made = self._letters(inputs)
        batched = self._batched(inputs)
        own = [array if has_batch else array[0] for array, has_batch in zip(arrays, batched, strict=True)]
        y = np.einsum(f"{','.join(terms)}->{made}", *own, optimize=len(arrays) > 2)
        return y if any(batched) else np.asarray(y)[None]


def _left_once(terms: list[str]) -> str:
    """The output of an equation without an arrow: the ellipsis, then the letters that appear once, sorted."""
    letters = Counter("".join(terms).replace(".", ""))
    return "..." + "".join(sorted(letter for letter, times in letters.items() if times == 1))


def _without_ellipsis(terms: list[str], made: str, ranks: list[int]) -> tuple[list[str], str]:
    """The terms with letters for an ellipsis; inputs with fewer axes have the last of these letters."""
    free = (letter for letter in ascii_letters if letter not in "".join((*terms, made)))
    counts = [rank - len(term.replace("...", "")) for term, rank in zip(terms, ranks, strict=True)]
    hidden = [max(0, count) if "..." in term else 0 for term, count in zip(terms, counts, strict=True)]
    shared = "".join(islice(free, max(hidden)))
    filled = [term.replace("...", shared[len(shared) - count :]) for term, count in zip(terms, hidden, strict=True)]
    return filled, made.replace("...", shared)
