"""One value in place of all values along an axis."""
