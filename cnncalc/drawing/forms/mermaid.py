"""A diagram as a Mermaid flowchart, which GitHub and GitLab show in Markdown: https://mermaid.js.org/syntax/flowchart.

By default, Mermaid refuses charts of more than 50,000 characters or 500 links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cnncalc.drawing.boxes import box_colour, box_lines, box_title
from cnncalc.drawing.diagram import BlockFrame, Box, Diagram, frame_title, short_names
from cnncalc.drawing.palette import COLOURS
from cnncalc.number_text import show_shape

MOST_CHARACTERS, MOST_LINKS = 50_000, 500


def render(
    diagram: Diagram, *, direction: str = "down", columns: tuple[str, ...] = (),
    colours: Mapping[Box, str] | None = None,
) -> str:  # fmt: skip
    """A flowchart with a subgraph for every frame; `colours` replace those of the families."""
    names = short_names(diagram)
    lines = [
        f"flowchart {'TB' if direction == 'down' else 'LR'}",
        *_inside(diagram.root, names, columns, "  "),
    ]
    lines += [
        f"  {names[edge.tail]} -->|{show_shape(edge.shape, times='×')}| {names[edge.head]}" for edge in diagram.edges
    ]
    colours = colours or {box: box_colour(box) for box in diagram.root.boxes()}
    for colour in dict.fromkeys(colours.values()):
        fill, line = COLOURS[colour].light, COLOURS[f"{colour}.line"].light
        lines.append(f"  classDef {colour} fill:{fill},stroke:{line},color:{COLOURS['ink'].light}")
        lines.append(f"  class {','.join(names[box] for box, own in colours.items() if own == colour)} {colour}")
    return "\n".join([*lines, ""])


def fits(text: str) -> bool:
    """Whether Mermaid shows a chart with its default limits."""
    return len(text) <= MOST_CHARACTERS and text.count("-->") <= MOST_LINKS


def _inside(
    frame: BlockFrame, names: Mapping[Box | BlockFrame, str], columns: tuple[str, ...], indent: str
) -> Iterator[str]:
    for child in frame.children:
        if isinstance(child, Box):
            lines = [f"<b>{_escaped(box_title(child))}</b>", *map(_escaped, box_lines(child, columns))]
            left, right = ("([", "])") if not child.layers else ("[[", "]]") if child.folded else ("[", "]")
            yield f'{indent}{names[child]}{left}"{"<br/>".join(lines)}"{right}'
            continue
        yield f'{indent}subgraph {names[child]} ["{_escaped(frame_title(child))}"]'
        yield from _inside(child, names, columns, indent + "  ")
        yield f"{indent}end"


def _escaped(text: str) -> str:
    """A text inside quotes: what has a meaning in Mermaid, HTML or Markdown is written as a character number."""
    return "".join(f"#{ord(character)};" if character in '"#<>&`' else character for character in text) or " "
