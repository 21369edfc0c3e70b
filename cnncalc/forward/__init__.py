"""Running a graph on real NumPy arrays, and holding what comes out against the report."""
