"""Functions of single elements, or of the values along an axis, that make a network nonlinear."""
