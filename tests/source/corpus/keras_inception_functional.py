from keras.layers import (AveragePooling2D, Concatenate, Conv2D, Dense, Dropout, GlobalAveragePooling2D, Input,
                          MaxPooling2D, concatenate)
from keras.models import Model


def inception_module(x, filters_1x1, filters_3x3_reduce, filters_3x3, filters_5x5_reduce, filters_5x5, filters_pool_proj,
                     name=None):
    conv_1x1 = Conv2D(filters_1x1, (1, 1), padding='same', activation='relu')(x)

    conv_3x3 = Conv2D(filters_3x3_reduce, (1, 1), padding='same', activation='relu')(x)
    conv_3x3 = Conv2D(filters_3x3, (3, 3), padding='same', activation='relu')(conv_3x3)

    conv_5x5 = Conv2D(filters_5x5_reduce, (1, 1), padding='same', activation='relu')(x)
    conv_5x5 = Conv2D(filters_5x5, (5, 5), padding='same', activation='relu')(conv_5x5)

    pool_proj = MaxPooling2D((3, 3), strides=(1, 1), padding='same')(x)
    pool_proj = Conv2D(filters_pool_proj, (1, 1), padding='same', activation='relu')(pool_proj)

    output = concatenate([conv_1x1, conv_3x3, conv_5x5, pool_proj], axis=3, name=name)
    return output


input_layer = Input(shape=(112, 112, 3))

x = Conv2D(32, (7, 7), padding='same', strides=(2, 2), activation='relu', name='conv_1_7x7_2')(input_layer)
x = MaxPooling2D((3, 3), padding='same', strides=(2, 2), name='max_pool_1_3x3_2')(x)
x = Conv2D(32, (1, 1), padding='same', strides=(1, 1), activation='relu')(x)
x = Conv2D(96, (3, 3), padding='same', strides=(1, 1), activation='relu')(x)
x = MaxPooling2D((3, 3), padding='same', strides=(2, 2))(x)

x = inception_module(x, 32, 48, 64, 8, 16, 16, name='inception_3a')
x1 = AveragePooling2D((5, 5), strides=3)(x)
x1 = Conv2D(64, (1, 1), padding='same', activation='relu')(x1)
x1 = GlobalAveragePooling2D()(x1)
x1 = Dense(128, activation='relu')(x1)
x1 = Dense(10, activation='softmax', name='auxilliary_output_1')(x1)

x = inception_module(x, 64, 64, 96, 16, 48, 32, name='inception_3b')
x = GlobalAveragePooling2D(name='avg_pool_5_3x3_1')(x)
x = Dropout(0.4)(x)
x = Dense(10, activation='softmax', name='output')(x)

model = Model(input_layer, [x, x1], name='inception_small')
