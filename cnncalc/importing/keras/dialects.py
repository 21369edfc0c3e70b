"""Keras 1's words for what later versions call otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_WORDS: Mapping[str, str] = MappingProxyType({
    "nb_filter": "filters", "subsample": "strides", "border_mode": "padding", "dim_ordering": "data_format",
    "bias": "use_bias", "p": "rate", "filter_length": "kernel_size", "subsample_length": "strides",
    "atrous_rate": "dilation_rate", "pool_length": "pool_size", "stride": "strides", "sigma": "stddev",
    "inner_activation": "recurrent_activation", "concat_axis": "axis", "dot_axes": "axes",
    "gamma_init": "", "beta_init": "",
    "init": "", "mode": "", "input_dim": "", "input_length": "", "W_regularizer": "", "b_regularizer": "",
    "W_constraint": "", "b_constraint": "", "dropout_W": "", "dropout_U": "", "inner_init": "",
    "forget_bias_init": "",
})  # fmt: skip
"""By the old word: the new one, empty for what changes no metric."""

_MERGES: Mapping[str, str] = MappingProxyType({
    "sum": "Add", "mul": "Multiply", "concat": "Concatenate", "ave": "Average", "max": "Maximum", "dot": "Dot",
})  # fmt: skip
_CLASSES: Mapping[str, str] = MappingProxyType({
    "AtrousConvolution1D": "Conv1D", "AtrousConvolution2D": "Conv2D", "TimeDistributedDense": "TimeDistributed",
})  # fmt: skip


def is_old(class_name: str, config: Mapping[str, Any]) -> bool:
    """Whether a layer is in the words of Keras 1."""
    marks = ("nb_filter", "border_mode", "dim_ordering", "output_dim", "W_regularizer", "subsample", "p", "nb_row")
    return class_name == "Merge" or (any(mark in config for mark in marks) and class_name != "Embedding")


def modern(class_name: str, config: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The class and the configuration as Keras 2 has them."""
    if class_name == "Merge":
        word = str(config.get("mode", "sum"))
        axis = {"axis": config.get("concat_axis", -1)} if word == "concat" else {}
        return _MERGES.get(word, f"Merge({word})"), {"name": config.get("name"), **axis}
    found = {_WORDS.get(key, key): value for key, value in config.items() if _WORDS.get(key, key)}
    if "output_dim" in found:
        found["units"] = found.pop("output_dim")
    if "nb_row" in found:
        found["kernel_size"] = [found.pop("nb_row"), found.pop("nb_col", found.get("nb_row"))]
    for number in (1, 2, 3):
        key = f"kernel_dim{number}"
        if key in found:
            found.setdefault("kernel_size", []).append(found.pop(key))
    if class_name.startswith("UpSampling1D") and "length" in found:
        found["size"] = found.pop("length")
    if class_name == "TimeDistributedDense":
        return "TimeDistributed", {"name": found.get("name"), "layer": {"class_name": "Dense", "config": found}}
    return _CLASSES.get(class_name, class_name), found
