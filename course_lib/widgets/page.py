"""The files that the browser gets of our widgets. Each widget has one module: what several need is put before it."""

from pathlib import Path

FOLDER = Path(__file__).parent


def source(*names: str) -> str:
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)
