"""Other kinds of exercises on networks and on arrays."""

from __future__ import annotations

from cnncalc.homework.exercises.dice import Dice
from cnncalc.homework.exercises.topics import Exercise, another
from cnncalc.homework.exercises.topics._windows import FILTERS


@another("receptive_field")
def field_and_jump(dice: Dice, level: int) -> Exercise:
    """The receptive field after a pool; from level 2 also the effective stride."""
    first, pool, second = dice.choice((3, 5, 7)), dice.number(2, 3), dice.choice((2, 3, 5))
    step = f" s{dice.number(2, 3)}" if level > 1 else ""
    layers = [f"conv 8 {first}x{first}{step}", f"max_pool {pool}", f"conv 8 {second}x{second if level < 3 else 3}"]
    layers += [f"conv 8 {dice.choice((2, 3, 5))} s2"] if level > 1 else []
    text = "{network} How many pixels of the input, along each axis, does one position of the output see?"
    more = "" if level == 1 else " And how many pixels apart are the fields of neighbouring positions?"
    asks = ("receptive_field",) if level == 1 else ("receptive_field", "effective_stride")
    return Exercise(text + more, " -> ".join(["128x128x3", *layers]), asks)


@another("network")
def global_pooling(dice: Dice, level: int) -> Exercise:
    """A network that ends with global pooling: its sizes; from level 2 its parameters and its work."""
    size, filters, units = dice.choice((28, 32, 36)), dice.choice(FILTERS[:6]), dice.choice((10, 20))
    items = [f"conv {filters} 3x3 p1", "max_pool 2", f"conv {2 * filters} 3x3", "global_avg_pool", f"dense {units}"]
    if level == 3:
        items[2] += " s2"
    asks = ["conv_2.output", "global_avg_pool_1.output", "dense_1.params", "total.params", "total.macs"]
    spec = " -> ".join([f"{size}x{size}x{dice.choice((1, 3))}", *items])
    return Exercise("{network}", spec, tuple(asks[: level + 2]))


@another("same_and_valid")
def pools_same_and_valid(dice: Dice, level: int) -> Exercise:
    """The outputs of a pool with SAME and with VALID padding on the same input."""
    size, channels, kernel = dice.number(9, 40), dice.choice((4, 8, 16)), dice.number(2, 3 if level == 1 else 5)
    stride = 2 if level == 1 else dice.number(2, 4)
    width = size + (dice.number(1, 9) if level == 3 else 0)
    layer = f"max_pool {kernel} s{stride}"
    text = (
        f"An input of {size}x{width}x{channels} goes through maximum pooling with a window of {kernel}x{kernel} and "
        f"stride {stride}: first with TensorFlow's padding SAME, and once more with VALID. What are the shapes of the "
        "two outputs?"
    )
    spec = f"{size}x{width}x{channels} -> {layer} same -> {layer} valid from=input"
    return Exercise(text, spec, ("max_pool_1.output", "max_pool_2.output"))


@another("bottleneck")
def separable_instead(dice: Dice, level: int) -> Exercise:
    """The saving by a depthwise separable convolution in place of an ordinary one."""
    side, kernel = dice.choice((14, 28)), 3 if level == 1 else dice.choice((3, 5))
    channels, filters = dice.choice((32, 64, 128)), dice.choice((32, 64, 128))
    tail = f"{filters} {kernel}x{kernel} p{kernel // 2} bias=false"
    spec = f"{side}x{side}x{channels} -> conv {tail} -> separable_conv {tail} from=input"
    figure, words = ("params", "weights are learned") if level == 1 else ("macs", "multiply–accumulates are needed")
    asks = [f"conv_1.{figure}", f"separable_conv_1.{figure}"]
    if level == 3:
        asks.append(f"conv_1.{figure} / separable_conv_1.{figure}")
    return Exercise(
        f"An input of {side}x{side}x{channels} goes through {filters} filters of {kernel}x{kernel} with padding "
        f"{kernel // 2}, or through a depthwise separable convolution with the same window and as many outputs. There "
        f"are no biases. How many {words} for each of them?", spec, tuple(asks),
    )  # fmt: skip


@another("unsharing")
def sharing_of_one_layer(dice: Dice, level: int) -> Exercise:
    """A convolution with and without weight sharing; at level 3 also the ratio of the two."""
    size, kernel, filters = dice.number(8, 20), dice.choice((3, 5)), dice.choice((4, 6, 8))
    stride = 1 if level == 1 else 2
    given = f"{size}x{size}x3"
    asks = ("conv_1.params", "conv_1.unshared_params", "conv_1.unshared_params / conv_1.params")
    more = "" if level < 3 else " How many times as many is that?"
    return Exercise(
        f"An input of {given} goes through {filters} filters of {kernel}x{kernel} with stride {stride} and no padding. "
        "How many parameters are learned, biases included? How many would there be if every position had its own "
        f"filters and biases?{more}", f"{given} -> conv {filters} {kernel}x{kernel} s{stride}",
        asks if level == 3 else asks[:2],
    )  # fmt: skip


@another("weight_layers")
def all_layers(dice: Dice, level: int) -> Exercise:
    """The number of layers with weights, and of all layers, in a small network with a pool after each convolution."""
    items = []
    for stage in range(dice.number(1, 1 + level)):
        items += [f"conv {8 * 2**stage} 3x3 p1", *(["batch_norm"] * (level == 3)), "relu", "max_pool 2"]
    spec = " -> ".join(["64x64x3", *items, "flatten", f"dense {dice.choice((10, 50, 100))}"])
    text = (
        "{network} How many layers have a kernel or a matrix of weights? And how many layers are there in all, with "
        "pools, flattening and activations?"
    )
    return Exercise(text, spec, ("weight_layers", "layers"))


@another("fitting")
def fitting_of_two(dice: Dice, level: int) -> Exercise:
    """The output of two layers in a row whose windows have to fit exactly, or that one of them does not fit."""
    kernel, stride = dice.number(2, 3), 2 if level == 1 else dice.number(2, 3)
    fits = dice.kind((False, True))
    channels, output = dice.choice((3, 8)), dice.number(3, 6)
    between = (output - 1) * stride + kernel + (0 if fits else dice.number(1, stride - 1))
    size = (between - 1) * stride + kernel
    given = f"{size}x{size + stride * stride if level == 3 else size}x{channels}"
    text = (
        f"An input of {given} goes through 8 filters of {kernel}x{kernel} with stride {stride}, and then through 16 "
        "such filters, without padding. Here, a size that is not whole is an error. What is the shape of the last "
        "output, if there is one?"
    )
    layer = f"{kernel}x{kernel} s{stride} rounding=exact"
    shape = Exercise("Shape of the output, or “does not fit”", asks=("output",), right="" if fits else "does not fit")
    return Exercise(text, f"{given} -> conv 8 {layer} -> conv 16 {layer}", parts=(shape,))


# --- arrays --------------------------------------------------------------------------------------------------------


def _row(dice: Dice, count: int, low: int, high: int) -> str:
    return f"[{', '.join(str(dice.number(low, high)) for _ in range(count))}]"


def _table(dice: Dice, side: int, low: int, high: int) -> str:
    return f"[{', '.join(_row(dice, side, low, high) for _ in range(side))}]"


@another("apply")
def convolution_by_hand(dice: Dice, level: int) -> Exercise:
    """A convolution on a small array; level 2 with a stride and a bias, level 3 with padding and ReLU."""
    data, weights = _table(dice, 4 if level < 3 else 3, 0, 5), _table(dice, 2, -1, 2)
    stride, padding = (1, 0) if level == 1 else (2, 0) if level == 2 else (1, 1)
    bias = str(dice.number(1, 3)) if level > 1 else ""
    words = f" and padding {padding}" if padding else ""
    after = (f", the bias {bias}" if bias else "") + (", followed by a ReLU" if level == 3 else "")
    text = (
        f"What is the result of a convolutional layer on {data} with the kernel {weights}, stride {stride}{words}"
        f"{after}? The kernel is laid on the input without flipping it."
    )
    item = f"conv 1 2x2 s{stride}{f' p{padding}' if padding else ''}{' relu' if level == 3 else ''}"
    return Exercise(text, apply=item, data=data, weights=weights, bias=bias)


@another("transpose_by_hand")
def transposed_row(dice: Dice, level: int) -> Exercise:
    """The values of a transposed convolution of a sequence."""
    data, weights = _row(dice, 3, 0, 5), _row(dice, 2 if level == 1 else 3, 0, 3)
    stride = 2 if level < 3 else dice.number(1, 3)
    kernel = weights.count(",") + 1
    text = (
        f"What is the result of a transposed convolution of the sequence {data} with the kernel {weights} and stride "
        f"{stride}? Each input adds the kernel, times its value, to the output; copies that overlap are added."
    )
    return Exercise(text, apply=f"conv_transpose 1 {kernel} s{stride}", data=data, weights=weights)


@another("unpooling")
def copies(dice: Dice, level: int) -> Exercise:
    """The values of unpooling that copies each value over its cell."""
    data, factor = _table(dice, 2, 1, 9), 2 if level == 1 else dice.number(2, level + 1)
    text = f"What is the result of nearest-neighbour unpooling by {factor} of {data}? Each value fills its cell."
    return Exercise(text, apply=f"unpool {factor}", data=data)


@another("boltzmann")
def down_pass(dice: Dice, level: int) -> Exercise:
    """The down pass of a restricted Boltzmann machine, from given hidden units."""
    visible, hidden = (3, 2) if level < 3 else (4, 3)
    weights = [[dice.number(-2, 2) for _ in range(hidden)] for _ in range(visible)]
    turned = str([list(column) for column in zip(*weights, strict=True)])
    bias, drawn = _row(dice, visible, -1, 1), f"[1, {_row(dice, hidden - 1, 0, 1)[1:]}"
    text = (
        f"A restricted Boltzmann machine has {visible} visible and {hidden} hidden units, the weights {weights} (a row "
        f"for each visible unit) and the visible biases {bias}. The hidden units are {drawn}."
    )
    summed = Exercise(
        "Weighted inputs of the visible units", apply=f"dense {visible}", data=drawn, weights=turned, bias=bias
    )
    chance = summed._replace(
        text="Probabilities that the visible units are 1, to two decimals", apply=f"dense {visible} activation=sigmoid"
    )
    return Exercise(text, parts=(summed,) if level == 1 else (summed, chance))
