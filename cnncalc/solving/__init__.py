"""The inverse of an analysis: which settings of a layer, and which sizes of a model, give a wanted figure."""
