"""A network whose input shape comes from arrays, with a model that is built by its first call."""

import numpy as np
import keras
from keras import layers

x_train = np.random.randint(0, 255, (60, 28, 28)).astype("float32") / 255
y_train = keras.utils.to_categorical(np.zeros((60, 1)), 10)
x_train = np.expand_dims(x_train, -1)
x_train, x_val = x_train[10:], x_train[:10]
num_classes = y_train.shape[-1]

convnet = keras.Sequential()
convnet.add(layers.Conv2D(8, (3, 3), activation="relu", input_shape=x_train.shape[1:]))
convnet.add(layers.MaxPooling2D((2, 2)))
convnet.add(layers.Flatten())
convnet.add(layers.Dense(num_classes, activation="softmax"))

flat = x_train.reshape(len(x_train), 28 * 28)
mlp = keras.Sequential([layers.Dense(16, activation="relu"), layers.Dense(num_classes)])
mlp(flat[:1])
