"""The error for a result that is not a form in letters."""

from __future__ import annotations


class NoFormError(Exception):
    """A result is not a form in the letters, such as a quotient by a letter.

    `layer` is the name of the layer whose result it is, and `position` its position in the spec, once they are known.
    """

    layer = ""
    position: object = None

    def locate(self, layer: str, position: object) -> None:
        """Note the innermost layer, which is the first that is known."""
        if not self.layer:
            self.layer, self.position = layer, position
