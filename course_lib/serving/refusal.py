"""Why a request is not answered, for whoever sent it."""

from __future__ import annotations


class Refused(Exception):
    """A status of HTTP from 400 on, and one sentence that says what is wrong and what to do.

    Args:
        status: 4xx where the client can do something about it, 5xx where only the server can.
        sentence: what the client reads.
        headers: further headers of the answer, such as Retry-After.
    """

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None):
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, headers or {}
