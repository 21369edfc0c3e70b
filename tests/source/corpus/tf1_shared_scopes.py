"""A GAN of TensorFlow 1 whose discriminator is called twice with the same variables."""

import tensorflow as tf


def dense(x, units, name):
    with tf.variable_scope(name):
        w = tf.get_variable("w", [x.get_shape()[-1], units], initializer=tf.random_normal_initializer(stddev=0.02))
        b = tf.get_variable("b", [units], initializer=tf.zeros_initializer())
        return tf.matmul(x, w) + b


def conv(x, filters, name):
    with tf.variable_scope(name):
        w = tf.get_variable("w", [5, 5, x.get_shape()[-1], filters])
        b = tf.get_variable("b", [filters])
        return tf.nn.bias_add(tf.nn.conv2d(x, w, strides=[1, 2, 2, 1], padding="SAME"), b)


def generator(z):
    with tf.variable_scope("generator"):
        h = tf.nn.relu(dense(z, 7 * 7 * 8, "project"))
        return tf.reshape(tf.nn.tanh(dense(h, 28 * 28, "image")), [-1, 28, 28, 1])


def discriminator(image, reuse=False):
    with tf.variable_scope("discriminator", reuse=reuse):
        h = tf.nn.leaky_relu(conv(image, 8, "conv1"))
        h = tf.nn.leaky_relu(conv(h, 16, "conv2"))
        return dense(tf.reshape(h, [-1, 7 * 7 * 16]), 1, "score")


noise = tf.placeholder(tf.float32, [None, 20], name="noise")
images = tf.placeholder(tf.float32, [None, 28, 28, 1], name="images")
scores = tf.concat([discriminator(images), discriminator(generator(noise), reuse=True)], axis=1)
