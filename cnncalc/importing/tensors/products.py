"""Products that sum over an axis: dense layers, matrix products, Einstein sums, attention."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose, sqrt
from string import ascii_letters
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.tensors.arithmetic import broadcast, combine, fitted
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeArray, TapeTensor


def linear(tape: Tape, x: Operand, weight: Operand, bias: Operand | None = None) -> TapeTensor:
    """The last axis times a matrix of units × features: a dense layer, or a product if the matrix is computed."""
    x = tape.tensor(x)
    if isinstance(weight, TapeArray) and weight.name not in tape.operands:
        own = [weight]
        if isinstance(bias, TapeArray) and bias.learned == weight.learned and bias.name not in tape.operands:
            own, bias = [weight, bias], None
        x.single(-1)
        units = weight.dims[0]
        arguments: dict[str, Any] = {"units": units} if len(own) > 1 else {"units": units, "bias": False}
        y = tape.append("dense", arguments, [x], (*x.dims[:-1], units), x.batch, weights=own)
    else:
        axes = ascii_letters[: x.rank - 1]
        y = einsum(tape, f"{axes}Y,ZY->{axes}Z", [x, weight])
    return y if bias is None else combine(tape, "add", [y, bias])


class Factor(NamedTuple):
    """An operand of an Einstein sum and the letters of its axes in the program."""

    tensor: TapeTensor
    letters: str


def bilinear(tape: Tape, x: Operand, y: Operand, weight: Operand, bias: Operand | None) -> TapeTensor:
    """A bilinear form of two tensors, whose array has units × features of x × features of y. Raises NotSaid."""
    a, b = tape.tensor(x), tape.tensor(y)
    own = [each for each in (weight, bias) if isinstance(each, TapeArray)]
    if len(own) < 1 + (bias is not None) or a.batch != b.batch:
        raise NotSaid("weights that are computed, or batches at different places")
    fields: dict[str, Any] = {"units": weight.dims[0], **({} if bias is not None else {"bias": False})}
    return tape.append("bilinear", fields, [a, b], (*a.dims[:-1], weight.dims[0]), a.batch, weights=own)


def einsum(tape: Tape, equation: str, values: Sequence[Operand]) -> TapeTensor:
    """An Einstein sum whose equation names the axes of the program, wherever the batch is."""
    tensors = [tape.tensor(each) for each in values]
    terms, made = _terms(equation, [each.rank for each in tensors])
    factors = [Factor(tensor, term) for tensor, term in zip(tensors, terms, strict=True)]
    letter, batch = _batch_letter(factors, made)
    spare = next(each for each in ascii_letters if each not in "".join((*terms, made)))
    written = [_own_letters(each, letter, batch, spare) for each in factors]
    keeps = batch is not None and batch.factor > 1
    is_array = all(each.free for each in tensors)
    out = ("" if is_array else spare) + (made if letter is None or keeps else made.replace(letter, ""))
    sizes: dict[str, int] = {}
    for tensor, term in factors:
        for axis, size in zip(term, tensor.dims, strict=True):
            sizes[axis] = max(size, sizes.get(axis, 1))
    dims = tuple(sizes[axis] for axis in made)
    after = None if batch is None or letter is None else batch._replace(axis=made.index(letter))
    return tape.append("einsum", {"equation": f"{','.join(written)}->{out}"}, tensors, dims, after)


def _terms(equation: str, ranks: Sequence[int]) -> tuple[list[str], str]:
    """The letters of each operand and of the result, without an ellipsis."""
    left, arrow, made = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(ranks):
        raise NotSaid("an equation for other operands")
    free = [each for each in ascii_letters if each not in equation]
    counts = [rank - len(term.replace("...", "")) for rank, term in zip(ranks, terms, strict=True)]
    hidden = "".join(
        free[: max((count for count, term in zip(counts, terms, strict=True) if "..." in term), default=0)]
    )
    found = [term.replace("...", hidden[len(hidden) - count :]) for term, count in zip(terms, counts, strict=True)]
    if not arrow:
        every = "".join(terms).replace(".", "")
        once = "".join(sorted(each for each in set(every) if every.count(each) == 1))
        made = ("..." if "..." in left else "") + once
    if any(len(term) != rank for term, rank in zip(found, ranks, strict=True)):
        raise NotSaid("an equation for other axes")
    return found, made.replace("...", hidden)


def _batch_letter(factors: Sequence[Factor], made: str) -> tuple[str | None, BatchAxis | None]:
    """The letter of the batch, and how it is merged. Raises NotSaid where it is summed over or differs."""
    carriers = [each for each in factors if not each.tensor.free]
    found = {(each.letters[each.tensor.batch.axis], each.tensor.batch[1:]) for each in carriers if each.tensor.batch}
    if not carriers:
        return _letter_of_copies(factors, made)
    if len(found) != 1 or any(each.tensor.batch is None for each in carriers):
        raise NotSaid("batches at different places")
    letter, (outer, inner) = found.pop()
    if letter not in made or any(each.letters.count(letter) > 1 for each in carriers):
        raise NotSaid("a sum over the batch")
    return letter, BatchAxis(0, outer, inner)


def _letter_of_copies(factors: Sequence[Factor], made: str) -> tuple[str | None, BatchAxis | None]:
    """The letter of the batch where every operand is an array: that of the axes that hold copies for it."""
    letters = {
        each.letters[each.tensor.batch.axis]
        for each in factors
        if each.tensor.batch is not None and each.tensor.dims[each.tensor.batch.axis] != 1
    }
    return (letters.pop(), BatchAxis(0)) if len(letters) == 1 and letters <= set(made) else (None, None)


def _own_letters(factor: Factor, letter: str | None, batch: BatchAxis | None, spare: str) -> str:
    """The letters of the axes of a layer's output, with a letter for the batch in front where it has one."""
    tensor, letters = factor
    if not tensor.free:
        assert letter is not None
        assert batch is not None
        return spare + (letters if batch.factor > 1 else letters.replace(letter, ""))
    if tensor.batch is not None and tensor.batch.factor == 1:
        return letters[: tensor.batch.axis] + letters[tensor.batch.axis + 1 :]
    if letter is not None and letter in letters:
        raise NotSaid("an array with one row for each sample")
    return letters


def matmul(tape: Tape, a: Operand, b: Operand) -> TapeTensor:
    """The matrix product of the last two axes; axes before them are broadcast."""
    a, b = tape.tensor(a), tape.tensor(b)
    if a.rank > 1 and b.rank > 1 and (found := _plain_matmul(tape, a, b)) is not None:
        return found
    rows, columns = max(a.rank - 2, 0), max(b.rank - 2, 0)
    lead = ascii_letters[: max(rows, columns)]
    first = lead[len(lead) - rows :] + ("X" if a.rank > 1 else "") + "Y"
    second = lead[len(lead) - columns :] + ("YZ" if b.rank > 1 else "Y")
    made = lead + ("X" if a.rank > 1 else "") + ("Z" if b.rank > 1 else "")
    return einsum(tape, f"{first},{second}->{made}", [a, b])


def _plain_matmul(tape: Tape, a: TapeTensor, b: TapeTensor) -> TapeTensor | None:
    """The product as `matmul`, where the batches are at one place before the matrices; else None."""
    rank = max(a.rank, b.rank)
    carriers = [each for each in (a, b) if not each.free]
    places = {each.batch and each.batch._replace(axis=each.batch.axis + rank - each.rank) for each in carriers}
    batch = places.pop() if len(places) == 1 else None
    if batch is None or places or batch.axis >= rank - 2 or any(each.rank != rank for each in carriers):
        return None
    dims = (*broadcast([a.dims[:-2], b.dims[:-2]]), a.dims[-2], b.dims[-1])
    ready = [fitted(tape, each, max(each.rank, 2), batch) if each.rank == rank else each for each in (a, b)]
    if any(len(each.sample) < 2 for each in ready):
        return None
    return tape.append("matmul", {}, ready, dims, batch)


def attention(
    tape: Tape, operands: tuple[Operand, Operand, Operand], mask: Operand | None = None, *,
    causal: bool = False, scale: float | None = None, softcap: float = 0.0,
) -> TapeTensor:  # fmt: skip
    """Scaled dot-product attention over the last two axes of queries, keys and values."""
    tensors = [tape.tensor(each) for each in operands]
    batches = {each.batch for each in tensors if not each.free}
    if len(batches) != 1 or len({each.rank for each in tensors}) > 1:
        raise NotSaid("queries and keys with other axes")
    batch = batches.pop()
    if batch is None or batch.axis >= tensors[0].rank - 2:
        raise NotSaid("an attention over the batch")
    q, k, v = tensors
    arguments: dict[str, Any] = {} if tape.convention in ("pytorch", "onnx") else {"score": "scaled_dot"}
    if len({each.dims[:-2] for each in tensors}) > 1:
        if k.dims[:-2] != v.dims[:-2] or q.dims[:-3] != k.dims[:-3] or q.dims[-3] % k.dims[-3]:
            raise NotSaid("heads that share keys")
        arguments["grouped"] = True
    if causal:
        arguments["causal"] = True
    if scale is not None and not isclose(scale, 1 / sqrt(q.dims[-1])):
        arguments["scale"] = scale
    if softcap:
        arguments["softcap"] = softcap
    inputs = [fitted(tape, each, q.rank, batch) if each.free else each for each in tensors]
    if mask is not None:
        inputs.append(fitted(tape, tape.tensor(mask), q.rank, batch))
    elif inputs[0].name == inputs[1].name == inputs[2].name:
        inputs = inputs[:1]
    elif inputs[1].name == inputs[2].name:
        inputs = inputs[:2]
    dims: Shape = (*q.dims[:-1], v.dims[-1])
    return tape.append("attention", arguments, inputs, dims, batch)
