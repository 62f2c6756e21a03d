"""Who may ask, and how often."""

from __future__ import annotations

import hashlib
import hmac
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

from course_lib.serving.refusal import Refused

SHORTEST = 16  # characters of a token; what can be guessed is none
REMEMBERED = 10_000  # clients; whoever has not asked for the longest time is forgotten, and may begin anew


def read_tokens(lines: Iterable[str]) -> list[str]:
    """Return the tokens in `lines`, one a line; empty lines and those that begin with # are passed over.

    Raises:
        ValueError: there is none, or one is too short or cannot stand in a header.
    """
    tokens = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    if not tokens:
        raise ValueError("there is no token in it")
    for number, token in enumerate(tokens, start=1):
        if len(token) < SHORTEST:
            raise ValueError(f"token {number} has {len(token)} characters, and needs {SHORTEST} or more")
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise ValueError(f"token {number} may hold only letters, digits and signs of ASCII, and no spaces")
    return tokens


class RateLimit:
    """A token bucket for each client: one leaves it for every request, `rate` a second come in, a second's worth fits.

    Args:
        rate: requests a second and client; 0 for no limit.
        clock: seconds that never go back.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic):
        self._rate, self._size, self._clock = rate, max(1.0, rate), clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # {client: (how full, when)}

    def wait(self, client: str) -> float:
        """Return 0 and count a request of `client`; or for how many seconds it must wait, and count nothing."""
        if self._rate <= 0:
            return 0.0
        now = self._clock()
        full, when = self._buckets.pop(client, (self._size, now))
        full = min(self._size, full + self._rate * (now - when))
        may = full >= 1
        self._buckets[client] = (full - 1 if may else full, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0.0 if may else (1 - full) / self._rate


class Access:
    """Lets requests in that carry one of the tokens, not too many of each.

    Args:
        tokens: at least one; only their digests are kept.
        limit: of each token, and of each address that comes without a right one.
    """

    def __init__(self, tokens: list[str], limit: RateLimit):
        if not tokens:
            raise ValueError("a server needs a token")
        self._digests, self._limit = [_digest(token) for token in tokens], limit

    def admit(self, header: str | None, address: str, is_counted: bool = True) -> None:
        """Let a request in.

        Args:
            header: its header Authorization, or None.
            address: where it comes from.
            is_counted: False for what must get through when much is going on. A wrong token is always counted.
        Raises:
            Refused: 401 without a token that is known, 429 where there were too many.
        """
        scheme, _, token = (header or "").partition(" ")
        digest = _digest(token.strip())
        # All of them, and digests in constant time: how long it takes tells nobody how much of a guess is right.
        known = [hmac.compare_digest(digest, other) for other in self._digests]
        is_known = any(known) and scheme.lower() == "bearer"
        if is_counted or not is_known:
            wait = self._limit.wait(digest.hex() if is_known else address)
            if wait:
                seconds = math.ceil(wait)
                sentence = f"Too many requests: try again in {seconds} second{'s' * (seconds > 1)}."
                raise Refused(429, sentence, {"Retry-After": str(seconds)})
        if not is_known:
            what = "This token is not known" if header else "There is no token"
            sentence = f"{what}: send the header “Authorization: Bearer …” with one that you were given."
            raise Refused(401, sentence, {"WWW-Authenticate": "Bearer"})


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
