"""TensorFlow's own functions: `tf.nn`, variables and placeholders, and `tf.layers` of TensorFlow 1."""
