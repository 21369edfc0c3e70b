"""A small convolutional classifier whose images have their channels first."""
from keras import backend, layers, models

axis = 1
form = dict(data_format="channels_first")


def block(x, filters, stride=1):
    x = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False, **form)(x)
    x = layers.BatchNormalization(axis=axis)(x)
    return layers.ReLU()(x)


def make(classes=5):
    image = layers.Input((3, 40, 48))
    x = block(image, 12)
    x = layers.MaxPooling2D(2, **form)(x)
    left = block(x, 10)
    right = layers.AveragePooling2D(3, strides=1, padding="same", **form)(x)
    right = layers.Conv2D(6, 1, **form)(right)
    x = layers.Concatenate(axis=axis)([left, right])
    x = block(layers.ZeroPadding2D(1, **form)(x), 20, stride=2)
    x = layers.GlobalAveragePooling2D(**form)(x)
    return models.Model(image, layers.Dense(classes, activation="softmax")(x))


model = make()
model.compile(loss="categorical_crossentropy", optimizer="adam")
