"""Functions of single elements, as in a mathematics library."""
