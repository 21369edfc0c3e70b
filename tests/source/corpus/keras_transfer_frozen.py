"""A classifier on a small MobileNet v2 of keras.applications, of which the last layers are trained."""

import keras
from keras import layers
from keras.applications import MobileNetV2

IMAGE = (96, 96)


def make_classifier(classes=5, trained=4):
    base = MobileNetV2(input_shape=(*IMAGE, 3), alpha=0.35, include_top=False, weights=None)
    base.trainable = False
    for layer in base.layers[-trained:]:
        layer.trainable = True

    inputs = keras.Input(shape=(*IMAGE, 3))
    x = layers.Rescaling(1.0 / 127.5, offset=-1)(inputs)
    x = base(x, training=False)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(x))


def make_features(layer="block_6_expand_relu"):
    base = MobileNetV2(input_shape=(64, 96, 3), alpha=0.35, include_top=False, weights=None)
    return keras.Model(base.input, base.get_layer(layer).output)
