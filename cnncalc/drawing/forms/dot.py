"""A diagram as a DOT graph for Graphviz: https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cnncalc.drawing.boxes import box_colour, box_lines, box_title
from cnncalc.drawing.diagram import BlockFrame, Box, Diagram, frame_title, short_names
from cnncalc.drawing.palette import COLOURS
from cnncalc.number_text import show_shape


def render(diagram: Diagram, *, direction: str = "down", columns: tuple[str, ...] = ()) -> str:
    """A directed graph with a cluster for every frame."""
    names = short_names(diagram)
    lines = [
        f"digraph {_quoted(diagram.name or 'model')} {{",
        f'  rankdir={"TB" if direction == "down" else "LR"}; fontname="Helvetica"; labeljust=l;',
        '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11];',
        '  edge [fontname="Helvetica", fontsize=9, color="#6b7480", fontcolor="#5b6472"];',
        *_inside(diagram.root, names, columns, "  "),
    ]
    for edge in diagram.edges:
        label = f" [label={_quoted(show_shape(edge.shape, times='×'))}]"
        lines.append(f"  {names[edge.tail]} -> {names[edge.head]}{label};")
    return "\n".join([*lines, "}\n"])


def _inside(
    frame: BlockFrame, names: Mapping[Box | BlockFrame, str], columns: tuple[str, ...], indent: str
) -> Iterator[str]:
    for child in frame.children:
        if isinstance(child, Box):
            colour = box_colour(child)
            label = _quoted("\n".join([box_title(child), *box_lines(child, columns)]))
            fill, line = COLOURS[colour].light, COLOURS[f"{colour}.line"].light
            yield f'{indent}{names[child]} [label={label}, fillcolor="{fill}", color="{line}"];'
            continue
        yield f"{indent}subgraph cluster_{names[child]} {{"
        yield f'{indent}  label={_quoted(frame_title(child))}; style="rounded,filled"; fillcolor="#f4f6f9";'
        yield from _inside(child, names, columns, indent + "  ")
        yield f"{indent}}}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
