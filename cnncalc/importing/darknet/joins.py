"""Sections that take earlier outputs: routes, shortcuts, products and sums."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.darknet.activations import activate
from cnncalc.importing.darknet.network import DarknetModel, SectionOutput
from cnncalc.importing.darknet.sections import DarknetSection


def route(network: DarknetModel, section: DarknetSection) -> None:
    indices = section.numbers("layers") or section.fail("names no layers", "write layers=-1, 61")
    groups, group = section.size("groups", 1), section.number("group_id", 0)
    parts = []
    for position, index in enumerate(indices):
        part = network.back(section, index, "layers")
        if groups > 1:
            part = _group(network, section, part, groups, group, suffix=f"_{position}" if len(indices) > 1 else "")
        parts.append(part)
    sizes = {part.shape[1:] for part in parts}
    if len(sizes) > 1:
        shapes = ", ".join("x".join(map(str, part.shape)) for part in parts)
        section.fail(f"joins different sizes: {shapes}", key="layers")
    if len(parts) == 1:
        network.current = parts[0]
        return
    channels = sum(part.shape[0] for part in parts)
    network.add(section, "concat", {}, (channels, *parts[0].shape[1:]), parts)


def _group(
    network: DarknetModel, section: DarknetSection, part: SectionOutput, groups: int, group: int, *, suffix: str
) -> SectionOutput:
    """One of `groups` equal runs of channels."""
    channels = part.shape[0]
    if channels % groups or not 0 <= group < groups:
        section.fail(f"group {group} of {groups} does not exist in {channels} channels", key="groups")
    width = channels // groups
    arguments = {"start": group * width, "stop": (group + 1) * width}
    return network.add(section, "slice", arguments, (width, *part.shape[1:]), [part], suffix=suffix)


def shortcut(network: DarknetModel, section: DarknetSection) -> None:
    indices = section.numbers("from") or section.fail("names no layer", "write from=-3")
    here = network.current
    parts = [here] + [_fitted(network, section, network.back(section, index, "from"), here.shape) for index in indices]
    if section.word("weights_type", "none") not in ("none", ""):
        parts = [_weighted(network, section, part, position) for position, part in enumerate(parts)]
    network.add(section, "add", {}, here.shape, parts)
    activate(network, section, "linear")


def _fitted(network: DarknetModel, section: DarknetSection, part: SectionOutput, shape: Shape) -> SectionOutput:
    """A tensor in the sizes of `shape`: darknet adds the common channels, and each n-th position of a larger map."""
    part = _sampled(network, section, part, shape)
    missing = shape[0] - part.shape[0]
    if missing > 0:
        arguments = {"amount": [[0, missing], [0, 0], [0, 0]], "axes": [1, 2, 3]}
        return network.add(section, "zero_pad", arguments, shape, [part], suffix="_fitted")
    if missing < 0:
        return network.add(section, "slice", {"start": 0, "stop": shape[0]}, shape, [part], suffix="_fitted")
    return part


def _sampled(network: DarknetModel, section: DarknetSection, part: SectionOutput, shape: Shape) -> SectionOutput:
    for axis, word in ((1, "height"), (2, "width")):
        theirs, ours = part.shape[axis], shape[axis]
        if theirs == ours:
            continue
        step = theirs // ours
        if step * ours != theirs:
            section.fail(f"adds a {word} of {theirs} to one of {ours}, which is not a multiple", key="from")
        sizes = (*part.shape[:axis], ours, *part.shape[axis + 1 :])
        part = network.add(section, "slice", {"step": step, "axis": word}, sizes, [part], suffix=f"_{word}")
    return part


def _weighted(network: DarknetModel, section: DarknetSection, part: SectionOutput, position: int) -> SectionOutput:
    """A tensor times the learned weights of `weights_type`: one number, or one a channel."""
    channels = part.shape[0] if section.word("weights_type", "") == "per_channel" else 1
    if position == 0 and section.word("weights_normalization", "none") not in ("none", ""):
        network.doubt(section, "the normalization of its weights is left out", key="weights_normalization")
    weights = _learned(network, section, channels, suffix=f"_{position}")
    return network.add(section, "multiply", {}, part.shape, [part, weights], suffix=f"_{position}")


def _learned(network: DarknetModel, section: DarknetSection, channels: int, *, suffix: str = "") -> SectionOutput:
    before = network.current
    made = network.add(section, "parameter", {"shape": [channels, 1, 1]}, (channels, 1, 1), suffix=suffix)
    network.layers[-1].inputs = ()
    network.current = before
    return made


def learned_array(network: DarknetModel, section: DarknetSection) -> None:
    network.current = _learned(network, section, section.size("filters", 128))


def scale_channels(network: DarknetModel, section: DarknetSection) -> None:
    other = network.back(section, section.number("from", -1), "from")
    scale = network.current
    if section.number("scale_wh", 0):
        scale, other = other, scale
    network.add(section, "multiply", {}, other.shape, [other, scale])
    activate(network, section, "linear")


def multiply_with(network: DarknetModel, section: DarknetSection) -> None:
    other = network.back(section, section.number("from", -1), "from")
    network.add(section, "multiply", {}, network.current.shape, [network.current, other])
    activate(network, section, "linear")


def sum_with(network: DarknetModel, section: DarknetSection) -> None:
    other = network.back(section, section.number("from", -1), "from")
    network.add(section, "add", {}, network.current.shape, [network.current, other])
    activate(network, section, "linear")
