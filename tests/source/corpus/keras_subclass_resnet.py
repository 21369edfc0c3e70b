import keras
from keras import layers, ops


class ResidualUnit(layers.Layer):
    def __init__(self, filters, strides=1, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)
        self.main_layers = [
            layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False),
            layers.BatchNormalization(),
            self.activation,
            layers.Conv2D(filters, 3, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
        ]
        self.skip_layers = []
        if strides > 1:
            self.skip_layers = [
                layers.Conv2D(filters, 1, strides=strides, padding="same", use_bias=False),
                layers.BatchNormalization(),
            ]

    def call(self, inputs):
        Z = inputs
        for layer in self.main_layers:
            Z = layer(Z)
        skip_Z = inputs
        for layer in self.skip_layers:
            skip_Z = layer(skip_Z)
        return self.activation(Z + skip_Z)


class MiniResNet(keras.Model):
    def __init__(self, classes=10):
        super().__init__()
        self.stem = layers.Conv2D(16, 3, padding="same")
        self.units = []
        prev_filters = 16
        for filters in [16] * 2 + [32] * 2 + [64]:
            strides = 1 if filters == prev_filters else 2
            self.units.append(ResidualUnit(filters, strides=strides))
            prev_filters = filters
        self.head = layers.Dense(classes)

    def call(self, x, training=False):
        x = self.stem(x)
        for unit in self.units:
            x = unit(x)
        x = ops.mean(x, axis=[1, 2])
        return self.head(x)
