"""Python's own functions, methods and modules, as far as models use them."""
