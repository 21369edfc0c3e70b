"""LaTeX, Markdown and typographic characters of an answer, rewritten in plain notation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_COMMANDS: Mapping[str, str] = {
    "times": "×", "cdot": "·", "ast": "*", "div": "/", "approx": "≈", "sim": "≈", "simeq": "≈", "cong": "≈",
    "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "left": "", "right": "", "big": "", "Big": "",
    "bigl": "", "bigr": "", "to": "→", "rightarrow": "→", "Rightarrow": "→", "quad": " ", "qquad": " ", "colon": ":",
    "displaystyle": "", "dots": "...", "langle": "(", "rangle": ")", "space": " ",
}  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]+)\s?")
_STYLED = re.compile(r"\\(?:text|mathrm|mathbf|mathit|boxed|mathsf|operatorname|textbf|mbox)\s*\{([^{}]*)\}")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_SUBSCRIPT = re.compile(r"_\{[^{}]*\}|(?<=[A-Za-z])_\w+")
_ABOUT = re.compile(
    r"(?:\b(?:ca|approx|approximately|circa|about|around|roughly|nearly|almost)\b\.?|[~∼≃≅≒≐])\s*",
    re.IGNORECASE,
)
_PHRASES = re.compile(
    r"\b(?:mult(?:iply|iplication)?s?[-–‐ ](?:and-)?(?:adds?|accumulates?|additions?)"
    r"|floating[- ]point operations?|(?:feature|activation) maps?)\b",
    re.IGNORECASE,
)
_DASHES = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
        "“": "",
        "”": "",
        '"': "",
        "`": "",
        "✓": "",
        "✔": "",
        "⨯": "×",
        "✕": "×",
        "✖": "×",
        "∗": "*",
    }
)


def plain(text: str) -> str:
    r"""An answer in plain notation: `$14 \times 14$` is 14 × 14, `½` is 1/2, `ca. 3.9k` is ≈ 3.9k."""
    text = _without_latex(" ".join("".join(_plain_character(char) for char in text).split()))
    text = _PHRASES.sub("maps", text)  # a noun that numbers and shapes may have
    text = _ABOUT.sub("≈ ", text.translate(_DASHES))
    text = re.sub(r"≈[\s≈]*", "≈ ", text)
    text = re.sub(r"^\*{1,2}(?=[^*])|(?<=[^*])\*{1,2}$", "", text.strip())
    return text.strip().rstrip(".;!,").strip("' ")


def _plain_character(char: str) -> str:
    if char in _RAISED or char.isascii():
        return char
    if unicodedata.category(char) == "Cf":
        return ""
    if unicodedata.decomposition(char).startswith("<fraction>"):
        above, _, below = unicodedata.normalize("NFKC", char).partition("⁄")
        return f" +{above}/{below}"
    if char == "⁄" or char == "∕":
        return "/"
    return unicodedata.normalize("NFKC", char)


def _without_latex(text: str) -> str:
    text = re.sub(r"\\[()\[\]]|\$", " ", text)
    if "\\" in text:
        text = re.sub(r"(?<=\w)~", " ", text)
    text = text.replace("{,}", ",").replace(r"\%", "%").replace(r"\_", "_").replace(r"\{", "{").replace(r"\}", "}")
    for pattern, rewritten in ((_STYLED, r" \1"), (_FRACTION, r"((\1)/(\2))")):
        while pattern.search(text):
            text = pattern.sub(rewritten, text)
    text = re.sub(r"(?<=\d)\\[,;:! ](?=\d{3})", "\u2009", text)
    text = re.sub(r"\\[,;:! ]", " ", text)
    text = _SUBSCRIPT.sub("", text)
    text = _COMMAND.sub(lambda found: _COMMANDS.get(found[1], found.group()), text)
    return re.sub(r"\^\{([^{}]*)\}", r"^(\1)", text)
