"""Layers of the program's own: weights made in build, a gate, a layer that changes one of Keras's, and Lambda."""
import keras
from keras import layers, ops


class Scale(layers.Layer):
    def __init__(self, start=1.0, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def build(self, input_shape):
        self.gamma = self.add_weight(
            name="gamma", shape=(input_shape[-1],), initializer=keras.initializers.Constant(self.start), trainable=True
        )
        super().build(input_shape)

    def call(self, inputs):
        return inputs * self.gamma

    def get_config(self):
        return {**super().get_config(), "start": self.start}


class Gate(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        size = int(input_shape[-1])
        self.kernel = self.add_weight(shape=(size, self.units), name="kernel")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")
        self.out = layers.Dense(size)

    def call(self, inputs):
        hidden = ops.relu(ops.matmul(inputs, self.kernel) + self.bias)
        return inputs * ops.sigmoid(self.out(hidden))


class MonteCarloDropout(layers.Dropout):
    def call(self, inputs, training=None):
        return super().call(inputs, training=True)


class Classifier(keras.Model):
    def __init__(self, classes=7):
        super().__init__()
        self.stem = layers.Conv2D(16, 3, padding="same", activation="relu")
        self.scale = Scale(0.5)
        self.pool = layers.MaxPooling2D()
        self.mean = layers.GlobalAveragePooling2D()
        self.gate = Gate(4)
        self.normal = layers.Lambda(lambda x: x / (1.0 + ops.norm(x, axis=-1, keepdims=True)))
        self.dropout = MonteCarloDropout(0.3)
        self.head = layers.Dense(classes)

    def call(self, x):
        x = self.pool(self.scale(self.stem(x)))
        x = self.gate(self.mean(x))
        return self.head(self.dropout(self.normal(x)))


model = Classifier()
model.build((None, 30, 26, 3))
