"""Exercises on single layers and small networks."""

from __future__ import annotations

from cnncalc.homework.exercises.dice import Dice
from cnncalc.homework.exercises.topics import Exercise, topic
from cnncalc.homework.exercises.topics._windows import CHANNELS, FILTERS, convolution, image, in_words, settings, window

_SEPARATED = (("depthwise_conv", "depthwise convolution"), ("separable_conv", "depthwise separable convolution"))


@topic
def conv(dice: Dice, level: int) -> Exercise:
    """The output of a convolution."""
    spec, said = convolution(dice, level)
    return Exercise(f"{said} What is the shape of the output?", spec, ("conv_1.output",))


@topic
def pool(dice: Dice, level: int) -> Exercise:
    """The output of a pool."""
    size, kernel, stride, padding = window(dice, max(level, 2))
    given = image(dice, level, size + 2 * padding, dice.choice(FILTERS))
    kind = dice.choice(("max_pool", "avg_pool"))
    words = "maximum" if kind == "max_pool" else "average"
    spec = f"{given} -> {kind} {kernel} s{stride}"
    text = f"{words.capitalize()} pooling with a window of {kernel}x{kernel} and stride {stride} on {given}."
    asks = ("output",) if level < 3 else ("output", "params")
    return Exercise(f"{text} What is the shape of the output?", spec, asks)


@topic
def params(dice: Dice, level: int) -> Exercise:
    """The parameters of a convolution; from level 2, also without sharing."""
    spec, said = convolution(dice, level)
    if level == 3 and dice.chance(40):
        return Exercise(
            f"{said} There are no biases. How many parameters are learned?", f"{spec} bias=false", ("params",)
        )
    asks = ("conv_1.params",) if level == 1 else ("conv_1.output", "conv_1.params", "conv_1.unshared_params")
    more = "" if level == 1 else " How many would there be if no position shared them with another?"
    return Exercise(f"{said} How many parameters are learned, biases included?{more}", spec, asks)


@topic
def dense(dice: Dice, level: int) -> Exercise:
    """The parameters of a dense layer; from level 2, after a volume."""
    units = dice.choice((10, 20, 50, 100))
    if level == 1:
        inputs = dice.choice((64, 100, 128, 256, 784))
        return Exercise(
            f"A dense layer connects {inputs} inputs with {units} units. How many parameters does it have?",
            f"{inputs} -> dense {units}", ("dense_1.params",),
        )  # fmt: skip
    volume = f"{dice.number(4, 12)}x{dice.number(4, 12)}x{dice.choice(FILTERS)}"
    text = (
        f"A volume of {volume} is flattened and goes into a dense layer of {units} units. "
        "How many parameters does it have?"
    )
    return Exercise(text, f"{volume} -> flatten -> dense {units}", ("flatten_1.output", "dense_1.params"))


@topic
def macs(dice: Dice, level: int) -> Exercise:
    """The operations of a convolution."""
    spec, said = convolution(dice, level)
    asks = ("conv_1.macs",) if level < 3 else ("conv_1.macs", "conv_1.flops")
    more = "" if level < 3 else " And how many operations, one more for each bias that is added?"
    return Exercise(f"{said} How many multiply–accumulates does it take?{more}", spec, asks)


@topic
def transpose(dice: Dice, level: int) -> Exercise:
    """The output of a transposed convolution."""
    size, kernel = dice.number(3, 16), dice.number(2, 5)
    stride = dice.number(1, 3) if level > 1 else 2
    padding = dice.number(0, (kernel - 1) // 2) if level > 1 else 0
    added = dice.number(1, stride - 1) if level == 3 and stride > 1 else 0
    channels, filters = dice.choice(FILTERS), dice.choice(FILTERS)
    tail = f" output_padding={added}" if added else ""
    spec = f"{size}x{size}x{channels} -> conv_transpose {filters} {kernel}x{kernel}{settings(stride, padding)}{tail}"
    words = f" and output padding {added}" if added else ""
    text = (
        f"An input of {size}x{size}x{channels} goes through a transposed convolution of {filters} filters of "
        f"{kernel}x{kernel}{in_words(stride, padding)}{words}."
    )
    return Exercise(f"{text} What is the shape of the output?", spec, ("output",))


@topic
def same(dice: Dice, level: int) -> Exercise:
    """The padding that keeps the size; from level 2, TensorFlow's SAME with a stride."""
    size, filters = dice.number(12, 40), dice.choice(FILTERS)
    if level == 1:
        kernel = dice.choice((3, 5, 7, 9))
        given = f"{size}x{size}x3"
        return Exercise(
            f"Which padding keeps {size}x{size} when {filters} filters of {kernel}x{kernel} slide over {given} by 1?",
            f"{given} -> conv {filters} {kernel}x{kernel} padding=${{p}}",
            find="p", such_that=(("output", f"{size}x{size}x{filters}"),),
        )  # fmt: skip
    kernel, stride = dice.number(2, 7), dice.number(2, 4)
    given = image(dice, level, size, 3)
    return Exercise(
        f"An input of {given} goes through {filters} filters of {kernel}x{kernel} with stride {stride} and "
        "TensorFlow's padding SAME. What is the shape of the output?",
        f"{given} -> conv {filters} {kernel}x{kernel} s{stride} same", ("output",),
    )  # fmt: skip


@topic
def dilation(dice: Dice, level: int) -> Exercise:
    """The output of a dilated convolution, and its parameters."""
    kernel, rate = dice.choice((3, 5)), dice.number(2, 3 if level < 3 else 5)
    size = dice.number(kernel * rate + 2, kernel * rate + 30)
    channels, filters = dice.choice(CHANNELS), dice.choice(FILTERS)
    given = f"{size}x{size}x{channels}"
    text = f"An input of {given} goes through {filters} filters of {kernel}x{kernel} with dilation {rate}, no padding."
    return Exercise(
        f"{text} What is the shape of the output, and how many parameters are learned?",
        f"{given} -> conv {filters} {kernel}x{kernel} d{rate}", ("conv_1.output", "conv_1.params"),
    )  # fmt: skip


@topic
def groups(dice: Dice, level: int) -> Exercise:
    """The parameters of a grouped convolution; level 2 also its work; level 3 depthwise and separable ones."""
    kernel, count = dice.choice((3, 5)), dice.choice((2, 4))
    channels, filters = count * dice.number(2, 8), count * dice.number(2, 8)
    given = f"16x16x{channels}"
    asks = ("params",) if level == 1 else ("params", "macs")
    more = "" if level == 1 else " And how many multiply–accumulates does it take?"
    if level == 3 and dice.kind((True, False)):
        kind, words = dice.kind(_SEPARATED)
        units = f" {filters}" if kind == "separable_conv" else ""
        of = f" to {filters} channels" if units else ""
        text = f"An input of {given} goes through a {words} of {kernel}x{kernel}, padding {kernel // 2}{of}."
        return Exercise(
            f"{text} How many parameters are learned, biases included?{more}",
            f"{given} -> {kind}{units} {kernel}x{kernel} p{kernel // 2}", asks,
        )  # fmt: skip
    text = f"An input of {given} goes through {filters} filters of {kernel}x{kernel} in {count} groups."
    return Exercise(
        f"{text} How many parameters are learned, biases included?{more}",
        f"{given} -> conv {filters} {kernel}x{kernel} g{count}", asks,
    )  # fmt: skip


@topic
def receptive_field(dice: Dice, level: int) -> Exercise:
    """The receptive field of the last of several layers."""
    layers = []
    for _ in range(2 if level == 1 else level + 1):
        kernel, stride = dice.choice((2, 3, 5, 7)), dice.number(1, 2) if level > 1 else 1
        step = f" s{stride}" if stride > 1 else ""
        layers.append("max_pool 2" if level > 1 and dice.chance(35) else f"conv 8 {kernel}x{kernel}{step}")
    spec = " -> ".join(["128x128x3", *layers])
    text = "{network} How many pixels of the input, along one axis, does one position of the output see?"
    return Exercise(text, spec, ("receptive_field",))


@topic
def network(dice: Dice, level: int) -> Exercise:
    """Shapes and parameters through a small network."""
    size, channels = dice.choice((28, 32, 36)), dice.choice((1, 3))
    filters, units = dice.choice(FILTERS[:6]), dice.choice((10, 20))
    kernel = dice.choice((3, 5))
    items = [f"conv {filters} {kernel}x{kernel}", "max_pool 2", "flatten", f"dense {units}"]
    asks = ["conv_1.output", "max_pool_1.output", "dense_1.params", "total.params"]
    if level == 3:
        items[2:2] = [f"conv {2 * filters} 3x3 p1", "max_pool 2"]
        asks[2:2] = ["conv_2.params", "max_pool_2.output"]
    spec = " -> ".join([f"{size}x{size}x{channels}", *items])
    return Exercise("{network}", spec, tuple(asks if level > 1 else asks[:2]))


@topic
def recurrent(dice: Dice, level: int) -> Exercise:
    """The parameters of a recurrent layer; level 2 also its output at every step; level 3 both directions."""
    kind = dice.kind(("lstm", "gru", "rnn")) if level > 1 else "lstm"
    article = "a" if kind == "gru" else "an"
    steps, features, units = dice.number(5, 30), dice.choice((8, 10, 13, 28)), dice.choice((16, 32, 64, 100))
    both = level == 3 and dice.kind((True, False))
    text = (
        f"A sequence of {steps} steps with {features} features goes through {article} {kind.upper()} of {units} units"
        f"{' in both directions, whose last outputs are concatenated' if both else ''}, with one bias per gate. "
        "How many parameters does it have?"
    )
    spec = f"{steps}x{features} -> " + (f"bidirectional({kind} {units})" if both else f"{kind} {units}")
    if level == 1 or both:
        return Exercise(text, spec, ("params",) if level == 1 else ("params", "output"))
    return Exercise(text, spec, (f"{kind}_1.params", f"{kind}_1.output_with_steps"))


@topic
def batch_norm(dice: Dice, level: int) -> Exercise:
    """The learned parameters of a batch normalization; level 2 also its statistics; level 3 after a convolution."""
    filters = dice.choice(FILTERS)
    given = f"{dice.number(4, 32)}x{dice.number(4, 32)}x{filters}"
    if level == 1:
        return Exercise(
            f"How many parameters does a batch normalization of {given} learn?", f"{given} -> batch_norm", ("params",)
        )
    learned = "How many parameters does the batch normalization learn, and how many moving statistics does it keep?"
    if level == 2:
        return Exercise(
            f"An input of {given} goes through a batch normalization. {learned}",
            f"{given} -> batch_norm", ("batch_norm_1.params", "batch_norm_1.buffers"),
        )  # fmt: skip
    kernel, next_filters = dice.choice((3, 5)), dice.choice(FILTERS)
    text = f"An input of {given} goes through {next_filters} filters of {kernel}x{kernel} without biases"
    return Exercise(
        f"{text} and then a batch normalization. {learned} How many parameters are learned in total?",
        f"{given} -> conv {next_filters} {kernel}x{kernel} bias=false -> batch_norm",
        ("batch_norm_1.params", "batch_norm_1.buffers", "total.params"),
    )  # fmt: skip


@topic
def apply(dice: Dice, level: int) -> Exercise:
    """A layer on a small array."""
    side = 4 if level < 3 else 6
    rows = ", ".join(f"[{', '.join(str(dice.number(0, 9)) for _ in range(side))}]" for _ in range(side))
    kernel = 2 if level < 3 else dice.choice((2, 3))
    kind = dice.choice(("max_pool", "avg_pool"))
    stride = kernel if level == 1 else dice.choice((1, 2))
    item = f"{kind} {kernel} s{stride}"
    words = "maximum" if kind == "max_pool" else "average"
    text = f"What is the result of {words} pooling with a window of {kernel}x{kernel} and stride {stride} on [{rows}]?"
    if kind == "avg_pool":
        text += " Give averages to two decimals."
    return Exercise(text, apply=item, data=f"[{rows}]")
