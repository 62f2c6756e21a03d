"""Who is let in, how often, and which tokens can be used at all."""

import pytest

from course_lib.serving import access
from course_lib.serving.access import Access, RateLimit, read_tokens
from course_lib.serving.refusal import Refused

ADA, BEN = "adas-token-0123456789", "bens-token-0123456789"
NEVER = RateLimit(0)


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def status(gate, header, address="10.0.0.1", **options):
    try:
        gate.admit(header, address, **options)
    except Refused as refused:
        return refused.status
    return 200


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (f"Bearer {ADA}", 200),
        (f"bearer {BEN}", 200),
        (f"Bearer  {ADA}", 200),
        (None, 401),
        ("", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        (ADA, 401),
        (f"Basic {ADA}", 401),
        (f"Bearer {ADA[:-1]}", 401),
        (f"Bearer {ADA}0", 401),
        (f"Bearer {ADA} {BEN}", 401),
        (f"Bearer {ADA.upper()}", 401),
        ("Bearer \udce4", 401),
    ],
)
def test_only_a_whole_token_lets_in(header, expected):
    assert status(Access([ADA, BEN], NEVER), header) == expected


def test_who_is_refused_reads_what_to_send():
    for header, told in ((None, "There is no token"), ("Bearer guess", "This token is not known")):
        with pytest.raises(Refused) as refused:
            Access([ADA], NEVER).admit(header, "10.0.0.1")
        assert refused.value.sentence.startswith(f"{told}: send the header “Authorization: Bearer …”")
        assert refused.value.headers == {"WWW-Authenticate": "Bearer"}


def test_each_token_has_its_own_rate_wherever_it_comes_from():
    clock = Clock()
    gate = Access([ADA, BEN], RateLimit(2, clock))
    assert [status(gate, f"Bearer {ADA}", address) for address in "abc"] == [200, 200, 429]
    assert status(gate, f"Bearer {BEN}") == 200
    with pytest.raises(Refused) as refused:
        gate.admit(f"Bearer {ADA}", "a")
    assert refused.value.sentence == "Too many requests: try again in 1 second."
    assert refused.value.headers == {"Retry-After": "1"}
    clock.now += 0.5  # one more comes in
    assert [status(gate, f"Bearer {ADA}") for _ in range(2)] == [200, 429]
    clock.now += 1000  # and no more than fit
    assert [status(gate, f"Bearer {ADA}") for _ in range(3)] == [200, 200, 429]


def test_guesses_are_limited_by_address_and_are_counted_everywhere():
    gate = Access([ADA], RateLimit(0.5, Clock()))
    assert [status(gate, "Bearer guess", "a", is_counted=False) for _ in range(2)] == [401, 429]
    assert status(gate, "Bearer guess", "b") == 401
    with pytest.raises(Refused, match="try again in 2 seconds"):
        gate.admit(None, "a")
    assert status(gate, f"Bearer {ADA}", "a") == 200  # whoever has a token is not held for another's guesses


def test_what_is_not_counted_gets_through_and_takes_nothing():
    gate = Access([ADA], RateLimit(1, Clock()))
    assert [status(gate, f"Bearer {ADA}", is_counted=False) for _ in range(5)] == [200] * 5
    assert [status(gate, f"Bearer {ADA}") for _ in range(2)] == [200, 429]
    assert status(gate, f"Bearer {ADA}", is_counted=False) == 200


def test_the_memory_for_addresses_is_bounded(monkeypatch):
    monkeypatch.setattr(access, "REMEMBERED", 3)
    limit = RateLimit(1, Clock())
    for address in ("a", "b", "c", "a", "d"):  # b is the one that has not asked for longest
        limit.wait(address)
    assert len(limit._buckets) == 3
    assert limit.wait("a") > 0 and limit.wait("b") == 0


def test_tokens_are_read_a_line_each():
    assert read_tokens(["# Ada", f" {ADA} ", "", BEN]) == [ADA, BEN]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "there is no token in it"),
        (["# none", ""], "there is no token in it"),
        ([ADA, "short"], "token 2 has 5 characters, and needs 16 or more"),
        (["two words are not a token"], "token 1 may hold only letters"),
        (["pässword-0123456789"], "token 1 may hold only letters"),
    ],
)
def test_tokens_that_cannot_be_used_are_refused(lines, told):
    with pytest.raises(ValueError, match=told):
        read_tokens(lines)
