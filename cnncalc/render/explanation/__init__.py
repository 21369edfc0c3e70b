"""An explanation of a layer or a model: as text, Markdown, LaTeX, HTML."""
