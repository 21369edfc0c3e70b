from functools import partial

import keras
from keras import layers

Conv = partial(layers.Conv2D, kernel_size=3, padding="same", use_bias=False)


def se(x, ratio=4):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.multiply([x, s])


def unit(x, filters, strides=1):
    y = Conv(filters, strides=strides)(x)
    y = layers.BatchNormalization(scale=False)(y)
    y = layers.PReLU(shared_axes=[1, 2])(y)
    y = se(Conv(filters)(y))
    if strides != 1 or x.shape[-1] != filters:
        x = Conv(filters, kernel_size=1, strides=strides)(x)
    return layers.ReLU()(x + y)


def build(widths=(16, 24, 32)):
    image = keras.Input((48, 40, 3), name="image")
    meta = keras.Input((5,), name="meta")
    x = layers.Rescaling(1.0 / 255)(image)
    for n, width in enumerate(widths):
        x = unit(x, width, 1 if n == 0 else 2)
    x = layers.GlobalMaxPooling2D()(x)
    m = layers.Dense(8, activation="relu")(meta)
    x = layers.concatenate([x, m])
    return keras.Model(
        inputs={"image": image, "meta": meta},
        outputs={"box": layers.Dense(4, name="box")(x), "label": layers.Dense(9, activation="softmax", name="label")(x)},
    )
