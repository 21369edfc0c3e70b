"""The memory of training, in each output format."""
