import keras
from keras import layers


def embedding_network(shape=(28, 28, 1)):
    input = keras.layers.Input(shape)
    x = layers.BatchNormalization()(input)
    x = layers.Conv2D(4, (5, 5), activation="tanh")(x)
    x = layers.AveragePooling2D(pool_size=(2, 2))(x)
    x = layers.Conv2D(16, (5, 5), activation="tanh")(x)
    x = layers.AveragePooling2D(pool_size=(2, 2))(x)
    x = layers.Flatten()(x)

    x = layers.BatchNormalization()(x)
    x = layers.Dense(10, activation="tanh")(x)
    return keras.Model(input, x)


embedding = embedding_network()

input_1 = layers.Input((28, 28, 1), name="left")
input_2 = layers.Input((28, 28, 1), name="right")

# The two towers share their weights: the same network is called twice
tower_1 = embedding(input_1)
tower_2 = embedding(input_2)

merge_layer = layers.Concatenate()([tower_1, tower_2])
normal_layer = layers.BatchNormalization()(merge_layer)
output_layer = layers.Dense(1, activation="sigmoid")(normal_layer)
siamese = keras.Model(inputs=[input_1, input_2], outputs=output_layer)
