"""Pages: a model, or the difference of two, as one HTML file that works without a network."""
