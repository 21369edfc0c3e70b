"""The inverse of an analysis: the settings of a layer, or the sizes of a model, that give a desired value."""
