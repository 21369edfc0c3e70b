import tensorflow as tf

tf.set_random_seed(1)

def W(shape, name):
    return tf.get_variable(name, shape, initializer=tf.truncated_normal_initializer(stddev=0.02))

def B(n, name):
    return tf.get_variable(name, [n], initializer=tf.constant_initializer(0.0))

def encoder(img):
    h1 = tf.nn.relu(tf.nn.conv2d(img, W([5, 5, 1, 16], 'e1w'), [1, 2, 2, 1], 'SAME') + B(16, 'e1b'))
    h2 = tf.nn.relu(tf.nn.conv2d(h1, W([5, 5, 16, 32], 'e2w'), [1, 2, 2, 1], 'SAME') + B(32, 'e2b'))
    flat = tf.reshape(h2, [-1, 7 * 7 * 32])
    return tf.matmul(flat, W([7 * 7 * 32, 20], 'zw')) + B(20, 'zb')

def decoder(z):
    h = tf.nn.relu(tf.matmul(z, W([20, 7 * 7 * 32], 'd0w')) + B(7 * 7 * 32, 'd0b'))
    h = tf.reshape(h, [-1, 7, 7, 32])
    n = tf.shape(h)[0]
    h = tf.nn.conv2d_transpose(h, W([5, 5, 16, 32], 'd1w'), output_shape=[n, 14, 14, 16], strides=[1, 2, 2, 1], padding='SAME')
    h = tf.nn.relu(h + B(16, 'd1b'))
    h = tf.nn.conv2d_transpose(h, W([5, 5, 1, 16], 'd2w'), output_shape=tf.stack([n, 28, 28, 1]), strides=[1, 2, 2, 1])
    return tf.nn.sigmoid(h + B(1, 'd2b'))

images = tf.placeholder(tf.float32, [None, 28, 28, 1])
code = encoder(images)
restored = decoder(code)
cost = tf.reduce_sum(tf.square(restored - images), axis=[1, 2, 3])
