"""Sentences with a little markup, as exercises write them: code between backticks, emphasis between asterisks."""

from __future__ import annotations

import re
from html import escape

# An asterisk that multiplies, or stands before `args`, has a space, a word or a bracket on the wrong side of it.
_MARKED = re.compile(r"`[^`]*`|(?<![\w*)\]`])\*(?=[^\s*`])([^*`\n]*[^\s*`])\*(?![\w*(\[`])")


def as_html(text: str) -> str:
    """Return `text` as HTML."""
    has_code = text.count("`") % 2 == 0  # an odd backtick is one of the text's own

    def tagged(found: re.Match) -> str:
        if found[1] is not None:
            return f"<em>{found[1]}</em>"
        return f"<code>{found[0][1:-1]}</code>" if has_code else found[0]

    return _MARKED.sub(tagged, escape(text))


def as_text(text: str) -> str:
    """Return `text` for a terminal: without the asterisks of emphasis; backticks still tell code from words."""
    return _MARKED.sub(lambda found: found[0] if found[1] is None else found[1], text)
