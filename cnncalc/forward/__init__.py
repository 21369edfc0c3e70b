"""Running a graph on real NumPy arrays, and comparing the results with the report."""
