"""Keras and TensorFlow in Python files: layers and functions that record a graph, and the graph as a draft.

A call on symbolic tensors appends a node to the graph and computes its output's shape at once. When the model is known,
the nodes that its outputs depend on run again on the draft's tape, with the input shapes that the caller wants.
"""
