import tensorflow as tf

L = tf.keras.layers


def frame_encoder(size):
    net = tf.keras.Sequential()
    net.add(L.Conv2D(8, 3, activation='relu', input_shape=(size, size, 1)))
    net.add(L.MaxPooling2D())
    net.add(L.Conv2D(16, 3, activation='relu'))
    net.add(L.GlobalMaxPool2D())
    return net


def action_model(frames=6, size=40, classes=3):
    clip = L.Input(shape=(frames, size, size, 1))
    h = L.TimeDistributed(frame_encoder(size))(clip)
    h = L.GRU(24)(h)
    h = L.Dense(16, 'relu')(h)
    h = L.Dropout(.5)(h)
    out = L.Dense(classes, 'softmax')(h)
    return tf.keras.Model(clip, out)
