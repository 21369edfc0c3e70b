import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class Linear(layers.Layer):
    def __init__(self, units=32):
        super().__init__()
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True)
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", trainable=True)

    def call(self, inputs):
        return keras.ops.matmul(inputs, self.w) + self.b


class ConvBN(layers.Layer):
    def __init__(self, filters, kernel_size=3, strides=1, activation='relu', name=None):
        super(ConvBN, self).__init__(name=name)
        self.conv = layers.Conv2D(filters, kernel_size, strides=strides, padding='same', use_bias=False)
        self.bn = layers.BatchNormalization()
        self.act = layers.Activation(activation)

    def call(self, x, training=None):
        return self.act(self.bn(self.conv(x), training=training))


class SmallNet(keras.Model):
    """Conv layers of its own, then two hand-written dense layers."""

    def __init__(self, num_classes=5):
        super(SmallNet, self).__init__(name='small_net')
        self.block1 = ConvBN(24, strides=2)
        self.block2 = ConvBN(48, kernel_size=(5, 5), activation='tanh')
        self.pool = layers.MaxPooling2D()
        self.flatten = layers.Flatten()
        self.linear_1 = Linear(40)
        self.linear_2 = Linear(num_classes)

    def call(self, inputs):
        x = self.block1(inputs)
        x = self.pool(x)
        x = self.block2(x)
        x = self.pool(x)
        x = self.flatten(x)
        x = self.linear_1(x)
        x = keras.activations.relu(x)
        return self.linear_2(x)


model = SmallNet()
model.build((None, 32, 24, 3))
