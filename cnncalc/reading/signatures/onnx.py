"""ONNX's operators that are layer types, with their attributes and constant inputs."""

from __future__ import annotations

from collections.abc import Mapping

_ALONE = (
    "Abs Acos Acosh Add Asin Asinh Atan Atanh Ceil Cos Cosh Div Erf Exp Expand Floor GlobalAveragePool "
    "GlobalMaxPool HardSwish Identity Log MatMul Max Mean Min Mish Mul Neg PRelu Pow Reciprocal Relu Round Sigmoid "
    "Sign Sin Sinh Softplus Softsign Sqrt Sub Sum Tan Tanh Where"
)

_REDUCTIONS = (
    "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare"
)

OPERATORS: Mapping[str, str] = {
    **dict.fromkeys(_ALONE.split(), ""),
    **dict.fromkeys(_REDUCTIONS.split(), "keepdims noop_with_empty_axes axes"),
    "AffineGrid": "align_corners size",
    "ArgMax": "axis keepdims select_last_index",
    "ArgMin": "axis keepdims select_last_index",
    "Attention": (
        "is_causal kv_num_heads left_window_size q_num_heads qk_matmul_output_mode right_window_size scale softcap "
        "softmax_precision"
    ),
    "AveragePool": "auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides",
    "BatchNormalization": "epsilon momentum training_mode",
    "Cast": "round_mode saturate to",
    "Celu": "alpha",
    "Clip": "min max",
    "Col2Im": "dilations pads strides",
    "Concat": "axis",
    "Conv": "auto_pad dilations group kernel_shape pads strides",
    "ConvTranspose": "auto_pad dilations group kernel_shape output_padding output_shape pads strides",
    "CumSum": "exclusive reverse axis",
    "DeformConv": "dilations group kernel_shape offset_group pads strides",
    "DepthToSpace": "blocksize mode",
    "Dropout": "seed ratio",
    "Einsum": "equation",
    "Elu": "alpha",
    "Flatten": "axis",
    "GRU": "activation_alpha activation_beta activations clip direction hidden_size layout linear_before_reset",
    "Gather": "axis indices",
    "Gelu": "approximate",
    "Gemm": "alpha beta transA transB",
    "GlobalLpPool": "p",
    "GridSample": "align_corners mode padding_mode",
    "GroupNormalization": "epsilon num_groups stash_type",
    "HardSigmoid": "alpha beta",
    "Hardmax": "axis",
    "InstanceNormalization": "epsilon",
    "LRN": "alpha beta bias size",
    "LSTM": "activation_alpha activation_beta activations clip direction hidden_size input_forget layout",
    "LayerNormalization": "axis epsilon stash_type",
    "LeakyRelu": "alpha",
    "LogSoftmax": "axis",
    "LpNormalization": "axis p",
    "LpPool": "auto_pad ceil_mode dilations kernel_shape p pads strides",
    "MaxPool": "auto_pad ceil_mode dilations kernel_shape pads storage_order strides",
    "MaxRoiPool": "pooled_shape spatial_scale",
    "MaxUnpool": "kernel_shape pads strides output_shape",
    "NonMaxSuppression": "center_point_box max_output_boxes_per_class iou_threshold score_threshold",
    "OneHot": "axis depth",
    "Pad": "mode pads constant_value axes",
    "RMSNormalization": "axis epsilon stash_type",
    "RNN": "activation_alpha activation_beta activations clip direction hidden_size layout",
    "Reshape": "allowzero shape",
    "Resize": (
        "antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside extrapolation_value "
        "keep_aspect_ratio_policy mode nearest_mode scales sizes"
    ),
    "RoiAlign": "coordinate_transformation_mode mode output_height output_width sampling_ratio spatial_scale",
    "RotaryEmbedding": "interleaved num_heads rotary_embedding_dim",
    "Selu": "alpha gamma",
    "Shrink": "bias lambd",
    "Slice": "starts ends axes steps",
    "Softmax": "axis",
    "SpaceToDepth": "blocksize mode",
    "Split": "axis num_outputs",
    "Squeeze": "axes",
    "Swish": "alpha",
    "ThresholdedRelu": "alpha",
    "Tile": "repeats",
    "Transpose": "perm",
    "Unsqueeze": "axes",
}
