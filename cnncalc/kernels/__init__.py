"""Array kernels that the layers' forward passes share: padding, windows, products. NumPy is handed in as `np`.

They never ask a shape rule how large an output should be: they pad, slide and multiply real arrays, and the shape is
what comes out. Inside, arrays have their channels last, `(batch, *spatial, channels)`; a layer in CHW hands in a view.
"""
