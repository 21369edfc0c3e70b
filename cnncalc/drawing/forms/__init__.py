"""Forms of a drawing: each module has `render`, of a picture (svg, tikz) or of a diagram (dot, mermaid)."""
