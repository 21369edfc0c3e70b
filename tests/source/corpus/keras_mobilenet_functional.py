from tensorflow.keras.layers import *
from tensorflow.keras.models import Model
from tensorflow.keras import backend as K


def correct_pad(size, kernel):
    adjust = 1 - size % 2
    return ((kernel // 2 - adjust, kernel // 2), (kernel // 2 - adjust, kernel // 2))


def inverted_res_block(inputs, expansion, stride, filters, block_id):
    in_channels = inputs.shape[-1]
    x = inputs
    prefix = 'block_{}_'.format(block_id)
    if block_id:
        x = Conv2D(expansion * in_channels, kernel_size=1, padding='same', use_bias=False, name=prefix + 'expand')(x)
        x = BatchNormalization(epsilon=1e-3, momentum=0.999, name=prefix + 'expand_BN')(x)
        x = ReLU(6., name=prefix + 'expand_relu')(x)
    if stride == 2:
        x = ZeroPadding2D(padding=correct_pad(x.shape[1], 3), name=prefix + 'pad')(x)
    x = DepthwiseConv2D(kernel_size=3, strides=stride, use_bias=False, padding='same' if stride == 1 else 'valid',
                        name=prefix + 'depthwise')(x)
    x = BatchNormalization(epsilon=1e-3, momentum=0.999, name=prefix + 'depthwise_BN')(x)
    x = ReLU(6., name=prefix + 'depthwise_relu')(x)
    x = Conv2D(filters, kernel_size=1, padding='same', use_bias=False, activation=None, name=prefix + 'project')(x)
    x = BatchNormalization(epsilon=1e-3, momentum=0.999, name=prefix + 'project_BN')(x)
    if in_channels == filters and stride == 1:
        return Add(name=prefix + 'add')([inputs, x])
    return x


def mobilenet(input_shape=(96, 96, 3), classes=50):
    img_input = Input(shape=input_shape)
    x = Conv2D(16, 3, strides=(2, 2), padding='same', use_bias=False, name='Conv1')(img_input)
    x = BatchNormalization(name='bn_Conv1')(x)
    x = ReLU(6., name='Conv1_relu')(x)
    settings = [(1, 1, 8), (6, 2, 12), (6, 1, 12), (6, 2, 16), (4, 1, 24)]
    for i, (t, s, c) in enumerate(settings):
        x = inverted_res_block(x, t, s, c, i)
    x = SeparableConv2D(64, 3, activation='relu')(x)
    x = GlobalAveragePooling2D()(x)
    x = Dense(classes, activation='softmax', name='predictions')(x)
    return Model(img_input, x, name='mobilenet_small')
