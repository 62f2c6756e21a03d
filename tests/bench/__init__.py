"""Benchmarks: `python -m tests.bench [name …]` runs the `main()` of every `bench_<name>.py` here, or of the named ones.

They print ratios against a peer measured in the same run, since seconds alone say as much about the machine and its
other users as about the code, and they never fail on time. What a `main()` prints is its own affair; the
`Comparison`s that it returns are gathered in one table at the end.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """Seconds of ours beside the seconds of a named peer.

    Args:
        what: what was measured.
        seconds: how long ours took.
        peer: what it is compared with.
        peer_seconds: how long that took in the same run.
        aim: what we want of the ratio, or of the difference, in words.
    """

    what: str
    seconds: float
    peer: str
    peer_seconds: float
    aim: str

    @property
    def ratio(self) -> float:
        return self.seconds / self.peer_seconds
