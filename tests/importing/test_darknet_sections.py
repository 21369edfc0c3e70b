"""Each kind of section as layers, with darknet's own shapes, and each refusal in full."""

from __future__ import annotations

import re

import pytest

from cnncalc.diagnostics import Source, SpecError
from cnncalc.importing.darknet.network import draft_of
from cnncalc.importing.darknet.sections import sections_of
from cnncalc.importing.draft import Draft, DraftLayer
from cnncalc.importing.formats import Request
from tests.source.programs import titled
from tests.together import for_each

ACTIVATIONS = (
    "linear, logistic, relu, relu6, elu, selu, gelu, leaky, tanh, relie, revleaky, swish, mish, hard_mish, hardtan, "
    "ramp, loggy, plse, stair, lhtan, normalize_channels, normalize_channels_softmax, "
    "normalize_channels_softmax_maxval"
)
NET = "[net]\nwidth=17\nheight=13\nchannels=6\n"


def draft(text: str) -> Draft:
    source = Source("net.cfg", text)
    return draft_of(source, sections_of(source), Request("net.cfg"))


def shown(layer: DraftLayer) -> str:
    """The name, the inputs, the arguments and the shape that darknet computes."""
    arguments = [f"{name}={value}" for name, value in layer.arguments.items()]
    shape = "x".join(map(str, layer.stated_shape or ()))
    return " ".join([f"{layer.name}({', '.join(layer.inputs)})", *arguments, f"-> {shape}"])


@for_each(("sections", "layers"), titled("darknet_sections.txt", "importing"))
def test_the_layers_of_each_section(sections: str, layers: str) -> None:
    """On 6x13x17, unless the sections begin with `[net]`; sizes and weights by hand from darknet's formulas."""
    net = "" if sections.startswith("[net]") else NET
    made = draft(net + sections.replace("; ", "\n"))
    doubts = [f"! {one.message}" for one in made.doubts]
    assert [*map(shown, made.layers), f"=> {', '.join(made.outputs)}", *doubts] == layers.strip("\n").split("\n")


@for_each(
    ("sections", "marked", "message", "hint"),
    [
        ("[conv]; activation=reluu", "reluu", '[conv] activation: unknown word "reluu"', f"known are {ACTIVATIONS}"),
        ("[route]", "[route]", "[route] names no layers", "write layers=-1, 61"),
        ("[route]; layers=", "[route]", "[route] names no layers", "write layers=-1, 61"),
        ("[convolutional]; filters=4; activation=linear; [route]; layers=0,4", "0,4",
         "[route] layers=4 names section 4, but only 0 to 0 come before it", ""),
        ("[conv]; [conv]; size=3; [route]; layers=0,1", "0,1", "[route] joins different sizes: 1x13x17, 1x11x15", ""),
        ("[convolutional]; filters=4; activation=linear; [route]; layers=-1; groups=3", "3",
         "[route] group 0 of 3 does not exist in 4 channels", ""),
        ("[convolutional]; filters=4; activation=linear; [route]; layers=-1; groups=2; group_id=2", "2",
         "[route] group 2 of 2 does not exist in 4 channels", ""),
        ("[convolutional]; filters=4; activation=linear; [route]; layers=-1; groups=2; group_id=-1", "2",
         "[route] group -1 of 2 does not exist in 4 channels", ""),
        ("[shortcut]", "[shortcut]", "[shortcut] names no layer", "write from=-3"),
        ("[shortcut]; from=-1", "-1", "[shortcut] from=-1 names section -1, but none comes before it", ""),
        ("[convolutional]; filters=4; activation=linear; [crop]; crop_height=5; crop_width=17; [shortcut]; from=0", "0",
         "[shortcut] adds a height of 13 to one of 5, which is not a multiple", ""),
        ("[convolutional]; filters=4; activation=linear; [crop]; crop_height=13; crop_width=5; [shortcut]; from=0", "0",
         "[shortcut] adds a width of 17 to one of 5, which is not a multiple", ""),
        ("[conv]; filters=4; groups=4", "4", "[conv] groups=4 does not divide 6 channels and 4 filters", ""),
        ("[conv]; filters=5; groups=3", "3", "[conv] groups=3 does not divide 6 channels and 5 filters", ""),
        ("[conv]; antialiasing=1", "[conv]",
         "[conv] antialiasing is not supported", "remove it: it adds a fixed blur after the stride"),
        ("[convolutional]; filters=4; activation=linear; [conv]; share_index=4", "4",
         "[conv] share_index: section 4 is not an earlier convolution", ""),
        ("[convolutional]; filters=4; activation=linear; [conv]; share_index=-2", "-2",
         "[conv] share_index: section -1 is not an earlier convolution", ""),
        ("[conv]; share_index=x", "x", "[conv] share_index: got x, but it must be a whole number", ""),
        ("[maxpool]; maxpool_depth=1", "1",
         "[maxpool] maxpool_depth=1 pools over channels, which is not supported", ""),
        ("[lstm]; output=3", "[lstm]",
         "[lstm] needs a sequence, but 6x13x17 arrives", "give inputs= and time_steps= in [net]"),
        ("[upsample]; stride=0", "0", "[upsample] stride=0 shrinks its input, which is not supported", ""),
        ("[reorg]; stride=2", "2", "[reorg] 13x17 is not divisible by stride=2", ""),
        ("[reorg]; reverse=1; stride=4", "4", "[reorg] 6 channels are not divisible by 4·4", ""),
        ("[convolutional]; filters=4; activation=linear; [yolo]; num=2", "[yolo]",
         "[yolo] needs anchors · (classes + 5) = 50 channels, but 4 arrive", "write filters=50 before it"),
        ("[convolutional]; filters=4; activation=linear; [gaussian_yolo]; mask=1", "[gaussian_yolo]",
         "[gaussian_yolo] needs anchors · (classes + 9) = 29 channels, but 4 arrive", "write filters=29 before it"),
        ("[convolutional]; filters=4; activation=linear; [region]", "[region]",
         "[region] needs num · (classes + coords + 1) = 25 channels, but 4 arrive", "write filters=25 before it"),
        ("[connected]; output=3; [detection]", "[detection]",
         "[detection] needs side² · ((1 + coords) · num + classes) = 147 values, but 3 arrive", ""),
        ("[connected]; output=3; [conv]", "[conv]", "[conv] needs an image, but 3 arrives", ""),
        ("[dropout]; probability=1.5", "1.5", '[dropout] probability: "1.5" is not a number from 0 to 1', ""),
        ("[dropout]; probability=-0.1", "-0.1", '[dropout] probability: "-0.1" is not a number from 0 to 1', ""),
        ("[dropout]; probability=x", "x", '[dropout] probability: "x" is not a number from 0 to 1', ""),
        ("[conv]; filters=0", "0", "[conv] filters: got 0, but it must be at least 1", ""),
        ("[conv]; filters=1.5", "1.5", "[conv] filters: got 1.5, but it must be a whole number", ""),
        ("[conv]; size=20", "[conv]", "[conv] gives 1x-6x-2: the input is too small", ""),
        ("[yolo]; mask=0,x", "0,x", "[yolo] mask: got x, but it must be a whole number", ""),
        ("[conv]; filters=9999999999999", "9999999999999",
         "[conv] filters: got a number of 13 digits, but it must have at most 12", ""),
        ("[convv]", "[convv]", "[convv] is not a kind of layer that is known", "did you mean [conv]?"),
        ("[abcdefgh]", "[abcdefgh]", "[abcdefgh] is not a kind of layer that is known", ""),
        ("[conv", "[conv", '"[conv" is not the head of a section', "write [name]"),
        ("[conv] x", "[conv] x", '"[conv] x" is not the head of a section', "write [name]"),
        ("filters 4", "filters 4", '"filters 4" has no equals sign', "write key=value"),
        ("[local]; size=15; pad=0", "[local]", "[local] gives 1x-1x3: the input is too small", ""),
        ("[conv]; filters = 4 4 # four; stride=0", "0", "[conv] stride: got 0, but it must be at least 1", ""),
    ],
)  # fmt: skip
def test_what_is_refused(sections: str, marked: str, message: str, hint: str) -> None:
    """The marked text, the message and the hint."""
    text = NET + sections.replace("; ", "\n")
    with pytest.raises(SpecError) as caught:
        draft(text)
    (found,) = caught.value.diagnostics
    assert found.span is not None
    assert (text[found.span.start : found.span.end], found.message, found.hint) == (marked, message, hint)


@for_each(
    ("net", "given", "shape", "message"),
    [
        ("width=17; height=13", (3, 8, 9), (3, 8, 9), ""), ("inputs=7", (9,), (9,), ""),
        ("inputs=7", (3, 8, 9), (3, 8, 9), ""), ("width=17; height=13", None, (3, 13, 17), ""),
        ("inputs=7; time_steps=4", None, (7,), ""),  # no layer reads steps
        ("width=17; height=13", (8, 9), None, "input: got 8x9, but the file's input has 3 axes"),
        ("width=17", None, None, "[net] height is missing"), ("channels=3", None, None, "[net] inputs is missing"),
    ],
)  # fmt: skip
def test_the_input(net: str, given: tuple[int, ...] | None, shape: tuple[int, ...] | None, message: str) -> None:
    """That of `[net]`, or of the caller."""
    source = Source("net.cfg", f"[net]\n{net.replace('; ', chr(10))}\n[activation]\nactivation=relu\n")
    request = Request("net.cfg", shapes={"": given} if given else {})
    if not message:
        assert [one.shape for one in draft_of(source, sections_of(source), request).inputs] == [shape]
        return
    with pytest.raises(SpecError, match=re.escape(message)):
        draft_of(source, sections_of(source), request)
