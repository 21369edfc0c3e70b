"""Other kinds of exercises on single layers: settings to find, other figures, related layers."""

from __future__ import annotations

from cnncalc.homework.exercises.dice import Dice
from cnncalc.homework.exercises.topics import Exercise, another
from cnncalc.homework.exercises.topics._windows import (
    CHANNELS,
    FILTERS,
    convolution,
    image,
    in_words,
    settings,
    window,
)


def _output(given: str, kernel: int, stride: int, padding: int, channels: int) -> str:
    """The output of a window on an input."""
    sides = [(int(size) - kernel + 2 * padding) // stride + 1 for size in given.split("x")[:2]]
    return "x".join(map(str, (*sides, channels)))


@another("conv")
def setting_of_conv(dice: Dice, level: int) -> Exercise:
    """The kernel, or from level 2 the stride, that gives an output."""
    size, kernel, stride, padding = window(dice, level)
    filters = dice.choice(FILTERS)
    given = image(dice, level, size, dice.choice(CHANNELS))
    output = _output(given, kernel, stride, padding, filters)
    through = f"An input of {given} goes through {filters}"
    if level == 1:
        return Exercise(
            f"{through} square filters with stride 1 and no padding, and the output is {output}. How large are they?",
            f"{given} -> conv {filters} kernel=${{k}}", find="k", such_that=(("output", output),),
        )  # fmt: skip
    words = f"padding {padding} on every side" if padding else "no padding"
    return Exercise(
        f"{through} filters of {kernel}x{kernel} with {words}, and the output is {output}. Which stride gives it?",
        f"{given} -> conv {filters} {kernel}x{kernel} stride=${{s}}{settings(1, padding)}",
        find="s", such_that=(("output", output),),
    )  # fmt: skip


@another("pool")
def setting_of_pool(dice: Dice, level: int) -> Exercise:
    """The window of a pool without overlap, or from level 2 its stride."""
    kernel, channels = dice.number(2, 4), dice.choice(FILTERS)
    if level == 1:
        given = image(dice, level, kernel * dice.number(3, 12), channels)
        output = _output(given, kernel, kernel, 0, channels)
        return Exercise(
            f"Maximum pooling of {given} with windows that do not overlap gives {output}. How large are the windows?",
            f"{given} -> max_pool kernel=${{k}}", find="k", such_that=(("output", output),),
        )  # fmt: skip
    stride = dice.number(1, 3)
    given = image(dice, level, kernel + stride * dice.number(4, 15), channels)
    output = _output(given, kernel, stride, 0, channels)
    return Exercise(
        f"Average pooling of {given} with windows of {kernel}x{kernel} gives {output}. Which stride gives it?",
        f"{given} -> avg_pool {kernel} stride=${{s}}", find="s", such_that=(("output", output),),
    )  # fmt: skip


@another("params")
def weights_and_biases(dice: Dice, level: int) -> Exercise:
    """The weights and the biases of a convolution; at level 3 the number of filters for a count."""
    spec, said = convolution(dice, level)
    if level < 3:
        return Exercise(
            f"{said} How many weights does the layer have, and how many biases?",
            spec, ("conv_1.weights", "conv_1.biases"),
        )  # fmt: skip
    channels, kernel, filters = dice.choice(CHANNELS), dice.choice((3, 5, 7)), dice.choice(FILTERS)
    count = (kernel * kernel * channels + 1) * filters
    given = f"{dice.number(12, 40)}x{dice.number(12, 40)}x{channels}"
    return Exercise(
        f"A convolution of {kernel}x{kernel} on {given} learns {count} parameters, biases included. How many filters "
        "does it have?", f"{given} -> conv ${{n}} {kernel}x{kernel}", find="n", such_that=(("params", str(count)),),
    )  # fmt: skip


@another("dense")
def units_of_dense(dice: Dice, level: int) -> Exercise:
    """The units for a count of parameters; from level 2 two layers in a row."""
    units = dice.choice((10, 20, 50, 100))
    if level == 1:
        inputs = dice.choice((64, 100, 128, 256, 784))
        count = (inputs + 1) * units
        return Exercise(
            f"A dense layer on {inputs} inputs has {count} parameters, biases included. How many units does it have?",
            f"{inputs} -> dense ${{u}}", find="u", such_that=(("params", str(count)),),
        )  # fmt: skip
    volume, hidden = f"{dice.number(4, 12)}x{dice.number(4, 12)}x{dice.choice(FILTERS)}", dice.choice((16, 32, 64))
    asks = ("dense_1.params", "dense_2.params", "total.params")
    return Exercise(
        f"A volume of {volume} is flattened and goes into a dense layer of {hidden} units, then into one of {units}. "
        "How many parameters do the layers have?", f"{volume} -> flatten -> dense {hidden} -> dense {units}",
        asks if level == 3 else asks[:2],
    )  # fmt: skip


@another("macs")
def macs_of_dense(dice: Dice, level: int) -> Exercise:
    """The operations of a dense layer; at level 3 of a depthwise convolution."""
    units = dice.choice((10, 20, 50, 100))
    if level == 1:
        inputs = dice.choice((64, 100, 128, 256, 784))
        text = f"How many multiply–accumulates does a dense layer of {units} units on {inputs} inputs take?"
        return Exercise(text, f"{inputs} -> dense {units}", ("dense_1.macs",))
    volume = f"{dice.number(7, 14)}x{dice.number(7, 14)}x{dice.choice(FILTERS)}"
    if level == 2:
        text = f"A volume of {volume} is flattened and goes into a dense layer of {units} units."
        more = "How many multiply–accumulates does that take?"
        return Exercise(f"{text} {more}", f"{volume} -> flatten -> dense {units}", ("dense_1.macs",))
    kernel = dice.choice((3, 5))
    return Exercise(
        f"An input of {volume} goes through a depthwise convolution of {kernel}x{kernel} with padding {kernel // 2}. "
        "How many multiply–accumulates does it take? And how many operations, one more for each bias that is added?",
        f"{volume} -> depthwise_conv {kernel}x{kernel} p{kernel // 2}",
        ("depthwise_conv_1.macs", "depthwise_conv_1.flops"),
    )  # fmt: skip


@another("transpose")
def params_of_transpose(dice: Dice, level: int) -> Exercise:
    """The parameters of a transposed convolution; from level 2 also its work."""
    size, kernel, stride = dice.number(3, 16), dice.number(2, 5), dice.number(1, 3)
    channels, filters = dice.choice(FILTERS), dice.choice(FILTERS)
    padding = 0 if level < 3 else dice.number(0, (kernel - 1) // 2)
    given = f"{size}x{size}x{channels}"
    more = "" if level == 1 else " And how many multiply–accumulates does it take?"
    return Exercise(
        f"An input of {given} goes through a transposed convolution of {filters} filters of {kernel}x{kernel}"
        f"{in_words(stride, padding)}. How many parameters are learned, biases included?{more}",
        f"{given} -> conv_transpose {filters} {kernel}x{kernel}{settings(stride, padding)}",
        ("params",) if level == 1 else ("params", "macs"),
    )  # fmt: skip


@another("same")
def smaller_or_strided(dice: Dice, level: int) -> Exercise:
    """The output with a padding that does not keep the size; from level 2 the stride under SAME."""
    size, filters = dice.number(12, 40), dice.choice(FILTERS)
    if level == 1:
        kernel = dice.choice((5, 7, 9))
        padding = dice.number(1, kernel // 2)
        return Exercise(
            f"{filters} filters of {kernel}x{kernel} slide over {size}x{size}x3 by 1, with padding {padding} on every "
            "side. What is the shape of the output?",
            f"{size}x{size}x3 -> conv {filters} {kernel}x{kernel} p{padding}", ("output",),
        )  # fmt: skip
    kernel, stride = dice.number(2, 7), dice.number(2, 4)
    given = image(dice, level, size, 3)
    output = "x".join(str(-(-int(side) // stride)) for side in given.split("x")[:2]) + f"x{filters}"
    return Exercise(
        f"An input of {given} goes through {filters} filters of {kernel}x{kernel} with TensorFlow's padding SAME, and "
        f"the output is {output}. Which stride gives it?",
        f"{given} -> conv {filters} {kernel}x{kernel} same stride=${{s}}", find="s", such_that=(("output", output),),
    )  # fmt: skip


@another("dilation")
def field_of_dilation(dice: Dice, level: int) -> Exercise:
    """The receptive field of dilated convolutions: of one, or from level 2 of several."""
    layers = []
    for number in range(level):
        rate = dice.number(2, 4) if number == 0 else 2 * number + dice.number(0, 2)
        layers.append(f"conv 8 {dice.choice((3, 5))} d{rate}")
    spec = " -> ".join(["128x128x3", *layers])
    text = "{network} How many pixels of the input, along one axis, does one position of the output see?"
    return Exercise(f"{text} And what is the shape of the output?", spec, ("receptive_field", "output"))


@another("groups")
def depthwise_or_groups(dice: Dice, level: int) -> Exercise:
    """A depthwise convolution; level 2 a separable one, with its work; level 3 the number of groups for a count."""
    kernel, count = dice.choice((3, 5)), dice.choice((2, 4))
    channels, filters = count * dice.number(2, 8), count * dice.number(2, 8)
    given = f"16x16x{channels}"
    learned = "How many parameters are learned, biases included?"
    if level < 3:
        words = "depthwise convolution" if level == 1 else f"depthwise separable convolution to {filters} channels"
        layer = "depthwise_conv" if level == 1 else f"separable_conv {filters}"
        more = "" if level == 1 else " And how many multiply–accumulates does it take?"
        return Exercise(
            f"An input of {given} goes through a {words} with a window of {kernel}x{kernel}. {learned}{more}",
            f"{given} -> {layer} {kernel}x{kernel}", ("params",) if level == 1 else ("params", "macs"),
        )  # fmt: skip
    learns = (kernel * kernel * channels // count + 1) * filters
    return Exercise(
        f"An input of {given} goes through {filters} filters of {kernel}x{kernel} in several groups, which learn "
        f"{learns} parameters, biases included. How many groups are there?",
        f"{given} -> conv {filters} {kernel}x{kernel} groups=${{g}}", find="g", such_that=(("params", str(learns)),),
    )  # fmt: skip


@another("recurrent")
def gates_and_work(dice: Dice, level: int) -> Exercise:
    """A GRU; level 2 the work of an LSTM; level 3 two layers in a row."""
    steps, features, units = dice.number(5, 30), dice.choice((8, 10, 13, 28)), dice.choice((16, 32, 64, 100))
    given, article, kind = f"A sequence of {steps} steps with {features} features", "a", "gru"
    if level > 1:
        article, kind = "an", "lstm"
    if level == 3:
        top = dice.choice((8, 12, 24))
        return Exercise(
            f"{given} goes through an LSTM of {units} units, whose outputs at all steps go into an LSTM of {top} "
            "units, with one bias per gate. How many parameters do the two layers have?",
            f"{steps}x{features} -> lstm {units} return_sequences=true -> lstm {top}",
            ("lstm_1.params", "lstm_2.params"),
        )  # fmt: skip
    more = "How many parameters does it have?"
    more += "" if level == 1 else " And how many multiply–accumulates do all steps together take?"
    return Exercise(
        f"{given} goes through {article} {kind.upper()} of {units} units, with one bias per gate. {more}",
        f"{steps}x{features} -> {kind} {units}", ("params",) if level == 1 else ("params", "macs"),
    )  # fmt: skip


@another("batch_norm")
def other_norms(dice: Dice, level: int) -> Exercise:
    """A layer normalization; level 2 a group normalization; level 3 after a dense layer."""
    channels = dice.choice((8, 16, 32, 64))
    if level == 1:
        given = f"{dice.number(5, 40)}x{channels}"
        text = f"How many parameters does a layer normalization learn on a sequence of {given} (steps × features)?"
        return Exercise(text, f"{given} -> layer_norm", ("params",))
    if level == 2:
        given, groups = f"{dice.number(4, 32)}x{dice.number(4, 32)}x{channels}", dice.choice((2, 4, 8))
        text = f"An input of {given} goes through a group normalization with {groups} groups."
        return Exercise(f"{text} How many parameters does it learn?", f"{given} -> group_norm {groups}", ("params",))
    inputs = dice.choice((64, 100, 128))
    return Exercise(
        f"A dense layer without biases connects {inputs} inputs with {channels} units, and a batch normalization "
        "follows. How many parameters does the batch normalization learn, how many moving statistics does it keep, and "
        "how many parameters are learned in total?", f"{inputs} -> dense {channels} bias=false -> batch_norm",
        ("batch_norm_1.params", "batch_norm_1.buffers", "total.params"),
    )  # fmt: skip
