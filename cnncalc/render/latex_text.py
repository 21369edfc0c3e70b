"""Text as LaTeX that prints it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_SPECIAL: Mapping[str, str] = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "$|$",
    "×": r"$\times$", "·": r"$\cdot$", "−": "$-$", "→": r"$\to$", "′": "$'$", "⌊": r"$\lfloor$", "⌋": r"$\rfloor$",
    "⌈": r"$\lceil$", "⌉": r"$\rceil$", "≤": r"$\le$", "≥": r"$\ge$", "≠": r"$\ne$", "≈": r"$\approx$", "∈": r"$\in$",
    "√": r"$\surd$", "∫": r"$\int$", "∞": r"$\infty$",
    "…": r"\ldots{}", "–": "--", "—": "---", "’": "'", "“": "``", "”": "''",
}  # fmt: skip
_CAPITALS = ("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega")


def escape(text: str) -> str:
    """`text` so that LaTeX prints it as it is: its own characters escaped, signs as math."""
    return re.sub(r"(?<!\\)\$\$", "", "".join(map(_escaped_sign, text)))


def _escaped_sign(char: str) -> str:
    if char.isascii() or char in _SPECIAL:
        return _SPECIAL.get(char, char)
    place, _, base = unicodedata.decomposition(char).partition(" ")
    if place in ("<sub>", "<super>"):
        return f"${{}}{'_' if place == '<sub>' else '^'}{{{chr(int(base, 16))}}}$".replace("−", "-")
    alphabet, _, letter = unicodedata.name(char, "").partition(" LETTER ")
    if alphabet == "GREEK SMALL" and letter.isalpha():
        return f"$\\{letter.lower().replace('lamda', 'lambda')}$"
    return f"$\\{letter.title()}$" if alphabet == "GREEK CAPITAL" and letter.title() in _CAPITALS else char
