"""A report as a table, a tree, JSON, CSV, Markdown or LaTeX: one file for each word of `summary --format`."""
