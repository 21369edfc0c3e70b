"""PyTorch: the meaning of its modules, functions and tensor methods, as layers on a tape."""
