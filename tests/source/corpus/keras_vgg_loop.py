import keras


def build_vgg(input_shape=(64, 64, 3), classes=100, blocks=((2, 32), (2, 64), (3, 128)), dense=256):
    model = keras.models.Sequential(name="vgg_like")
    model.add(keras.layers.InputLayer(shape=input_shape))
    for b, (repeats, filters) in enumerate(blocks, start=1):
        for c in range(1, repeats + 1):
            model.add(keras.layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"block{b}_conv{c}"))
        model.add(keras.layers.MaxPool2D(2, strides=2, name=f"block{b}_pool"))
    model.add(keras.layers.Flatten(name="flatten"))
    for n in ("fc1", "fc2"):
        model.add(keras.layers.Dense(dense, activation="relu", name=n))
    model.add(keras.layers.Dense(classes, activation="softmax", name="predictions"))
    return model


if __name__ == "__main__":
    vgg = build_vgg()
    vgg.summary()
