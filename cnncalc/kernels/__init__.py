"""Array kernels that the layers' forward passes share: padding, windows, products. NumPy is passed as `np`.

They never call a shape rule: they pad, slide and multiply real arrays, and the output's shape results from that. Arrays
have channels last, `(batch, *spatial, channels)`; a layer in CHW passes a view.
"""
