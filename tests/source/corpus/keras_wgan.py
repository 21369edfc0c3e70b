"""A GAN of two Sequential models, each frozen while the other one is trained."""
import numpy as np
from keras.layers import BatchNormalization, Conv2D, Conv2DTranspose, Dense, Flatten, Input, LeakyReLU, Reshape
from keras.models import Model, Sequential

latent_dim = 50


def make_generator():
    net = Sequential()
    net.add(Dense(256, input_dim=latent_dim))
    net.add(LeakyReLU())
    net.add(Dense(24 * 7 * 7))
    net.add(BatchNormalization())
    net.add(LeakyReLU())
    net.add(Reshape((7, 7, 24), input_shape=(24 * 7 * 7,)))
    net.add(Conv2DTranspose(24, (5, 5), strides=2, padding="same"))
    net.add(BatchNormalization(axis=-1))
    net.add(LeakyReLU())
    net.add(Conv2DTranspose(1, (5, 5), strides=2, padding="same", activation="tanh"))
    return net


def make_critic():
    net = Sequential()
    net.add(Conv2D(16, (5, 5), padding="same", input_shape=(28, 28, 1)))
    net.add(LeakyReLU())
    net.add(Conv2D(32, (5, 5), kernel_initializer="he_normal", strides=[2, 2]))
    net.add(LeakyReLU())
    net.add(Flatten())
    net.add(Dense(64, kernel_initializer="he_normal"))
    net.add(LeakyReLU())
    net.add(Dense(1, kernel_initializer="he_normal"))
    return net


generator = make_generator()
critic = make_critic()

for layer in critic.layers:
    layer.trainable = False
critic.trainable = False
noise = Input(shape=(latent_dim,))
generator_model = Model(inputs=[noise], outputs=[critic(generator(noise))])
generator_model.compile(optimizer="adam", loss="mse")

if __name__ == "__main__":
    for epoch in range(100):
        sample = np.random.rand(64, latent_dim).astype("float32")
        loss = generator_model.train_on_batch(sample, np.ones((64, 1)))
        print(f"{epoch}: {loss}")
