"""Output for terminals and files that lack the signs that commands write: each is spelled in letters they have."""

from __future__ import annotations

import codecs
import sys
import unicodedata

# What the course's own texts are made of; everything else falls back to its nearest letter, or to a question mark.
SPELLED = dict(zip("✓✗·→–—−…×≥≤", ("+", "x", "-", "->", "-", "-", "-", "...", "x", ">=", "<="), strict=True))
SPELLED |= dict(zip("“”‘’′•√²", ('"', '"', "'", "'", "'", "*", "sqrt", "^2"), strict=True))
GREEK = ("alpha", "beta", "gamma", "epsilon", "lambda", "mu", "pi", "rho", "sigma", "sum", "d")
SPELLED |= dict(zip("αβγελμπρσΣ∂", GREEK, strict=True))


def spell(text: str) -> str:
    """Return `text` in ASCII."""

    def spelled(sign: str) -> str:
        return SPELLED.get(sign) or unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"

    return "".join(map(spelled, text))


def _replacement(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return spell(error.object[error.start : error.end]), error.end


def use() -> None:
    """Let standard output and error write every text, whatever their encoding."""
    codecs.register_error("course.spelled", _replacement)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="course.spelled")


def say(text: str, err: bool = False) -> None:
    """Print a line. `typer.echo` writes UTF-8 where ASCII is asked for, and other lines would be in ASCII beside it."""
    print(text, file=sys.stderr if err else sys.stdout, flush=True)
