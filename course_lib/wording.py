"""Numbers and lists in the sentences of explorers, pictures and reports."""


def counted(number: int, what: str) -> str:
    """Return `number` and what there are so many of: "1 word", "2,000 words"."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def listed(names: list[str]) -> str:
    """Return `names`, one or more, as a sentence lists them: "a, b and c"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
