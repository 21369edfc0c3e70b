"""Drawings of a model: a report becomes a diagram or a picture, and that an SVG, HTML, DOT, Mermaid or TikZ text.

`diagram` decides what is drawn (folded blocks, repeats), `layout/` where it is drawn, `styles/` turn it into a picture
of plain shapes, and `forms/` write a picture, or a diagram for programs that do their own layout.
"""
