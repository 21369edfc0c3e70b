"""The framework's operations that a layer is made of: a block of several layers becomes several calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from cnncalc.analysis.tools.call import FrameworkCall, own_call
from cnncalc.arithmetic.convention import CONVENTIONS, Setting, Shape
from cnncalc.graph.model import Graph, Node
from cnncalc.layers.activation.gelu import Gelu
from cnncalc.layers.activation.hard_sigmoid import HardSigmoid
from cnncalc.layers.activation.relu import Relu
from cnncalc.layers.activation.sigmoid import Sigmoid
from cnncalc.layers.activation.swish import Swish
from cnncalc.layers.attention.squeeze_excite import SqueezeExcite
from cnncalc.layers.attention.transformer_decoder import TransformerDecoder
from cnncalc.layers.attention.transformer_encoder import TransformerEncoder
from cnncalc.layers.convolution.conv import Conv
from cnncalc.layers.convolution.depthwise_conv import DepthwiseConv
from cnncalc.layers.convolution.separable_conv import SeparableConv
from cnncalc.layers.dense.dense import Dense
from cnncalc.layers.merge.add import Add
from cnncalc.layers.merge.multiply import Multiply
from cnncalc.layers.normalization.layer_norm import LayerNorm
from cnncalc.layers.pooling.global_avg_pool import GlobalAvgPool


def calls_of(graph: Graph, node: Node) -> list[FrameworkCall]:
    """The calls of a node for one sample, with its activation's."""
    layer, output = node.layer, node.shape
    if layer is None or output is None:
        return []
    found = list(_parts(FrameworkCall(layer, graph.inputs_of(node), output)))
    if node.activation is not None:
        found.append(FrameworkCall(node.activation, (output,), output))
    return found


def _parts(call: FrameworkCall) -> Iterator[FrameworkCall]:
    make = _BLOCKS.get(call.type)
    if make is None:
        yield call
    else:
        yield from make(call.layer, *call.inputs)


def _separable(layer: SeparableConv, x: Shape) -> Iterator[FrameworkCall]:
    fields = {name: value for name, value in layer.values().items() if name not in ("filters", "bias")}
    depthwise = own_call(DepthwiseConv(layer.setting, bias=False, **fields), x)
    yield depthwise
    yield own_call(Conv(layer.setting, filters=layer.filters, kernel=1, bias=layer.bias), depthwise.output)


def _squeeze_excite(layer: SqueezeExcite, x: Shape) -> Iterator[FrameworkCall]:
    """Torchvision's: the mean of each channel, two 1×1 convolutions, and the product."""
    setting = layer.setting
    squeezed = next(iter(layer.weights(x, x))).shape[-1]
    mean = setting.volume((1,) * len(setting.spatial(x)), setting.channels(x))
    yield FrameworkCall(GlobalAvgPool(setting, keep=True), (x,), mean)
    inner = own_call(Conv(setting, filters=squeezed, kernel=1, bias=layer.bias), mean)
    yield inner
    yield own_call((Relu if layer.inner == "relu" else Swish)(setting), inner.output)
    yield own_call(Conv(setting, filters=setting.channels(x), kernel=1, bias=layer.bias), inner.output)
    yield own_call((Sigmoid if layer.gate == "sigmoid" else HardSigmoid)(setting), mean)
    yield FrameworkCall(Multiply(setting), (x, mean), x)


def _transformer(layer: TransformerEncoder | TransformerDecoder, x: Shape, *memory: Shape) -> Iterator[FrameworkCall]:
    """PyTorch's: in each sublayer attention or two dense layers, a sum, and a normalization."""
    setting = Setting(CONVENTIONS["pytorch"], layer.setting.layout)  # whose dense layer acts at each position
    norm = FrameworkCall(LayerNorm(setting, shift=layer.bias), (x,), x)
    for step in layer.sublayers() * layer.depth:
        if step.attention is not None:
            yield FrameworkCall(step.attention, (x, *memory) if step.reads_memory else (x,), x)
        else:
            hidden = (*x[:-1], layer.hidden)
            yield FrameworkCall(Dense(setting, units=layer.hidden, bias=layer.bias), (x,), hidden)
            yield FrameworkCall(
                (Relu if layer.function == "relu" else Gelu)(setting), (hidden,), hidden, is_captured=True
            )
            yield FrameworkCall(Dense(setting, units=x[-1], bias=layer.bias), (hidden,), x)
        yield FrameworkCall(Add(setting), (x, x), x)
        yield norm
    if layer.final_norm:
        yield norm


_BLOCKS: Mapping[str, Callable[..., Iterator[FrameworkCall]]] = {
    "separable_conv": _separable,
    "squeeze_excite": _squeeze_excite,
    "transformer_decoder": _transformer,
    "transformer_encoder": _transformer,
}
