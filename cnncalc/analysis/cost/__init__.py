"""The memory that training takes: weights, gradients, optimizer states, and the activations kept for backward."""
