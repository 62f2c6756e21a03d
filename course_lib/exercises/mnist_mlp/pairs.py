"""Answers that are two things at once."""


class NotAPair(Exception):
    """Something else came back where two things were asked for."""


def pair(result, names):
    """Return `result` if it holds two things. Raises NotAPair, which says what `names` were asked for."""
    if isinstance(result, tuple | list) and len(result) == 2:
        return result
    raise NotAPair(f"asked for is the pair {names}; your function returned something else")
