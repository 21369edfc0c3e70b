"""Keras's layers, `keras.layers`."""

from __future__ import annotations

from collections.abc import Mapping

LAYERS: Mapping[str, str] = {
    "Activation": "activation!",
    "ActivityRegularization": "l1 l2",
    "AdaptiveAveragePooling#D": "output_size! data_format",
    "AdaptiveMaxPooling#D": "output_size! data_format",
    "Add": "",
    "AdditiveAttention": "use_scale dropout",
    "AlphaDropout": "rate! noise_shape seed",
    "Attention": "use_scale score_mode dropout seed",
    "AugMix": "value_range num_chains chain_depth factor alpha all_ops interpolation seed data_format",
    "Average": "",
    "AveragePooling#D": "pool_size! strides padding data_format name",
    "AvgPool#D": "pool_size! strides padding data_format name",
    "BatchNormalization": (
        "axis momentum epsilon center scale beta_initializer gamma_initializer moving_mean_initializer "
        "moving_variance_initializer beta_regularizer gamma_regularizer beta_constraint gamma_constraint renorm "
        "renorm_clipping renorm_momentum synchronized"
    ),
    "Bidirectional": "layer! merge_mode weights backward_layer",
    "CategoryEncoding": "num_tokens output_mode sparse",
    "CenterCrop": "height! width! data_format",
    "Concatenate": "axis",
    "Conv#D": (
        "filters! kernel_size! strides padding data_format dilation_rate groups activation use_bias "
        "kernel_initializer bias_initializer kernel_regularizer bias_regularizer activity_regularizer "
        "kernel_constraint bias_constraint"
    ),
    "Conv#DTranspose": (
        "filters! kernel_size! strides padding output_padding data_format dilation_rate activation use_bias "
        "kernel_initializer bias_initializer kernel_regularizer bias_regularizer activity_regularizer "
        "kernel_constraint bias_constraint"
    ),
    "Conv3DTranspose": (
        "filters! kernel_size! strides padding data_format output_padding dilation_rate activation use_bias "
        "kernel_initializer bias_initializer kernel_regularizer bias_regularizer activity_regularizer "
        "kernel_constraint bias_constraint"
    ),
    "ConvLSTM#D": (
        "filters! kernel_size! strides padding data_format dilation_rate activation recurrent_activation use_bias "
        "kernel_initializer recurrent_initializer bias_initializer unit_forget_bias kernel_regularizer "
        "recurrent_regularizer bias_regularizer activity_regularizer kernel_constraint recurrent_constraint "
        "bias_constraint dropout recurrent_dropout seed return_sequences return_state go_backwards stateful"
    ),
    "Convolution#D": (
        "filters! kernel_size! strides padding data_format dilation_rate groups activation use_bias "
        "kernel_initializer bias_initializer kernel_regularizer bias_regularizer activity_regularizer "
        "kernel_constraint bias_constraint"
    ),
    "Convolution#DTranspose": (
        "filters! kernel_size! strides padding output_padding data_format dilation_rate activation use_bias "
        "kernel_initializer bias_initializer kernel_regularizer bias_regularizer activity_regularizer "
        "kernel_constraint bias_constraint"
    ),
    "Convolution3DTranspose": (
        "filters! kernel_size! strides padding data_format output_padding dilation_rate activation use_bias "
        "kernel_initializer bias_initializer kernel_regularizer bias_regularizer activity_regularizer "
        "kernel_constraint bias_constraint"
    ),
    "Cropping1D": "cropping=amount@pair:1",
    "Cropping2D": "cropping=amount:0 data_format",
    "Cropping3D": "cropping=amount:1 data_format",
    "CutMix": "factor seed data_format",
    "Dense": (
        "units! activation use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
        "activity_regularizer kernel_constraint bias_constraint lora_rank lora_alpha quantization_config"
    ),
    "DepthwiseConv#D": (
        "kernel_size! strides padding depth_multiplier data_format dilation_rate activation use_bias "
        "depthwise_initializer bias_initializer depthwise_regularizer bias_regularizer activity_regularizer "
        "depthwise_constraint bias_constraint"
    ),
    "Dot": "axes! normalize",
    "Dropout": "rate! noise_shape seed",
    "ELU": "alpha",
    "EinsumDense": (
        "equation! output_shape! activation bias_axes kernel_initializer bias_initializer kernel_regularizer "
        "bias_regularizer kernel_constraint bias_constraint lora_rank lora_alpha gptq_unpacked_column_size "
        "quantization_config"
    ),
    "Embedding": (
        "input_dim! output_dim! embeddings_initializer embeddings_regularizer embeddings_constraint mask_zero weights "
        "lora_rank lora_alpha quantization_config"
    ),
    "Flatten": "data_format",
    "GRU": (
        "units! activation recurrent_activation use_bias kernel_initializer recurrent_initializer bias_initializer "
        "kernel_regularizer recurrent_regularizer bias_regularizer activity_regularizer kernel_constraint "
        "recurrent_constraint bias_constraint dropout recurrent_dropout seed return_sequences return_state "
        "go_backwards stateful unroll reset_after use_cudnn"
    ),
    "GRUCell": (
        "units! activation recurrent_activation use_bias kernel_initializer recurrent_initializer bias_initializer "
        "kernel_regularizer recurrent_regularizer bias_regularizer kernel_constraint recurrent_constraint "
        "bias_constraint dropout recurrent_dropout reset_after seed"
    ),
    "GaussianDropout": "rate! seed",
    "GaussianNoise": "stddev! seed",
    "GlobalAveragePooling#D": "data_format keepdims",
    "GlobalAvgPool#D": "data_format keepdims",
    "GlobalMaxPool#D": "data_format keepdims",
    "GlobalMaxPooling#D": "data_format keepdims",
    "GroupNormalization": (
        "groups axis epsilon center scale beta_initializer gamma_initializer beta_regularizer gamma_regularizer "
        "beta_constraint gamma_constraint"
    ),
    "GroupQueryAttention": (
        "head_dim! num_query_heads! num_key_value_heads! dropout use_bias sliding_window flash_attention "
        "kernel_initializer bias_initializer kernel_regularizer bias_regularizer activity_regularizer "
        "kernel_constraint bias_constraint use_gate seed"
    ),
    "Identity": "",
    "LSTM": (
        "units! activation recurrent_activation use_bias kernel_initializer recurrent_initializer bias_initializer "
        "unit_forget_bias kernel_regularizer recurrent_regularizer bias_regularizer activity_regularizer "
        "kernel_constraint recurrent_constraint bias_constraint dropout recurrent_dropout seed return_sequences "
        "return_state go_backwards stateful unroll use_cudnn"
    ),
    "LSTMCell": (
        "units! activation recurrent_activation use_bias kernel_initializer recurrent_initializer bias_initializer "
        "unit_forget_bias kernel_regularizer recurrent_regularizer bias_regularizer kernel_constraint "
        "recurrent_constraint bias_constraint dropout recurrent_dropout seed"
    ),
    "LayerNormalization": (
        "axis epsilon center scale beta_initializer gamma_initializer beta_regularizer gamma_regularizer "
        "beta_constraint gamma_constraint"
    ),
    "LeakyReLU": "negative_slope",
    "Masking": "mask_value",
    "MaxPool#D": "pool_size:2 strides padding data_format name",
    "MaxPooling#D": "pool_size:2 strides padding data_format name",
    "Maximum": "",
    "MelSpectrogram": (
        "fft_length sequence_stride sequence_length window sampling_rate num_mel_bins min_freq max_freq power_to_db "
        "top_db mag_exp min_power ref_power"
    ),
    "Minimum": "",
    "MixUp": "alpha data_format seed",
    "MultiHeadAttention": (
        "num_heads! key_dim! value_dim dropout use_bias output_shape attention_axes sliding_window flash_attention "
        "kernel_initializer bias_initializer kernel_regularizer bias_regularizer activity_regularizer "
        "kernel_constraint bias_constraint use_gate seed"
    ),
    "Multiply": "",
    "Normalization": "axis mean variance invert",
    "PReLU": "alpha_initializer alpha_regularizer alpha_constraint shared_axes",
    "Permute": "dims!",
    "RMSNormalization": "axis epsilon",
    "RandAugment": "value_range num_ops factor interpolation seed data_format",
    "RandomBrightness": "factor! value_range seed",
    "RandomColorDegeneration": "factor! value_range data_format seed",
    "RandomColorJitter": "value_range brightness_factor contrast_factor saturation_factor hue_factor seed data_format",
    "RandomContrast": "factor! value_range seed",
    "RandomElasticTransform": "factor scale interpolation fill_mode fill_value value_range seed data_format",
    "RandomErasing": "factor scale fill_value value_range seed data_format",
    "RandomFlip": "mode seed data_format",
    "RandomGaussianBlur": "factor kernel_size sigma value_range data_format seed",
    "RandomGrayscale": "factor data_format seed",
    "RandomHue": "factor! value_range data_format seed",
    "RandomInvert": "factor value_range seed data_format",
    "RandomPerspective": "factor scale interpolation fill_value seed data_format",
    "RandomPosterization": "factor! value_range data_format seed",
    "RandomRotation": "factor! fill_mode interpolation seed fill_value data_format",
    "RandomSaturation": "factor! value_range data_format seed",
    "RandomSharpness": "factor! value_range data_format seed",
    "RandomShear": "x_factor y_factor interpolation fill_mode fill_value data_format seed",
    "RandomTranslation": "height_factor! width_factor! fill_mode interpolation seed fill_value data_format",
    "RandomZoom": "height_factor! width_factor fill_mode interpolation seed fill_value data_format",
    "ReLU": "max_value negative_slope threshold",
    "RepeatVector": "n!",
    "Rescaling": "scale! offset",
    "Reshape": "target_shape!",
    "Resizing": (
        "height! width! interpolation crop_to_aspect_ratio pad_to_aspect_ratio fill_mode fill_value antialias "
        "data_format"
    ),
    "ReversibleEmbedding": (
        "input_dim! output_dim! tie_weights embeddings_initializer embeddings_regularizer embeddings_constraint "
        "mask_zero reverse_dtype logit_soft_cap"
    ),
    "STFTSpectrogram": (
        "mode frame_length frame_step fft_length window periodic scaling padding expand_dims data_format"
    ),
    "SeparableConv#D": (
        "filters! kernel_size! strides padding data_format dilation_rate depth_multiplier activation use_bias "
        "depthwise_initializer pointwise_initializer bias_initializer depthwise_regularizer pointwise_regularizer "
        "bias_regularizer activity_regularizer depthwise_constraint pointwise_constraint bias_constraint"
    ),
    "SeparableConvolution#D": (
        "filters! kernel_size! strides padding data_format dilation_rate depth_multiplier activation use_bias "
        "depthwise_initializer pointwise_initializer bias_initializer depthwise_regularizer pointwise_regularizer "
        "bias_regularizer activity_regularizer depthwise_constraint pointwise_constraint bias_constraint"
    ),
    "SimpleRNN": (
        "units! activation use_bias kernel_initializer recurrent_initializer bias_initializer kernel_regularizer "
        "recurrent_regularizer bias_regularizer activity_regularizer kernel_constraint recurrent_constraint "
        "bias_constraint dropout recurrent_dropout return_sequences return_state go_backwards stateful unroll seed"
    ),
    "SimpleRNNCell": (
        "units! activation use_bias kernel_initializer recurrent_initializer bias_initializer kernel_regularizer "
        "recurrent_regularizer bias_regularizer kernel_constraint recurrent_constraint bias_constraint dropout "
        "recurrent_dropout seed"
    ),
    "Softmax": "axis",
    "Solarization": "addition_factor threshold_factor value_range seed",
    "SpatialDropout#D": "rate! seed name dtype",
    "SpatialDropout2D": "rate! data_format seed name dtype",
    "SpatialDropout3D": "rate! data_format seed name dtype",
    "SpectralNormalization": "layer! power_iterations",
    "Subtract": "",
    "TimeDistributed": "layer!",
    "UnitNormalization": "axis",
    "UpSampling#D": "size=scale:2",
    "UpSampling2D": "size=scale:2 data_format interpolation",
    "UpSampling3D": "size=scale:2 data_format",
    "ZeroPadding1D": "padding=amount@pair:1 data_format",
    "ZeroPadding2D": "padding=amount:1 data_format",
    "ZeroPadding3D": "padding=amount:1 data_format",
}
