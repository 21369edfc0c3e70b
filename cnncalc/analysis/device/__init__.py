"""Memory for inference: operations and tensors as runtimes see them, their order, and one planned buffer."""
