"""One side of the conversation between tester and learner: requests, answers, and which object is meant by a number.

A message is a tuple. ("meet", {number: description}) explains handles before they are first used; a description is
("value", kind, data) or says of what sort the object is, see `proxies.py` and `borrowed.py`. ("return", value, extra)
and ("raise", description, extra) answer the last request; everything else is a request: (name, …). While one side waits
for an answer it answers requests itself, so that a test's function can be called back. The tester's requests carry the
seconds of a new cell, or None, behind the name.

Numbers: 0 and up are objects of the side that sends, −1 and down those of the side that receives (−1 is its 0).
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from typing import Any, ClassVar

from course_lib.grading.crossing import WireError
from course_lib.grading.split import values
from course_lib.grading.wire import Connection

MAX_MET = 200_000  # objects of the other side that are remembered
MAX_DEPTH = 400  # requests within requests, as where a test's recursive function calls itself by a learner's decorator
FRAMES = 20  # of this package, at most, for one of them: they are not the notebook's


class Refused(Exception):
    """What a test wants cannot be done from another process. Its text is one sentence that says what."""


class Link:
    """The part that both sides share. Subclasses say what stands for the other side's objects, and answer requests."""

    def __init__(self, end: socket.socket):
        self._connection = Connection(end, self._to_id, self._from_id)
        self._given: list[Any] = []  # our objects, by number; kept, so that no other one gets the same id()
        self._numbers: dict[int, int] = {}
        self._met: dict[int, Any] = {}
        self._new: dict[int, tuple] = {}  # descriptions that have not been sent
        self._mentioned: list[int] = []
        self._lock = threading.RLock()
        self._depth = 0
        self._meeting = False  # while descriptions are read nothing is asked

    def request(self, message: tuple) -> tuple[Any, Any]:
        """Return the other side's answer, and what it says besides. Raises what the other side raised."""
        with self._lock:
            if self._meeting:
                raise WireError("The other side describes an object by what must be asked for.")
            if self._depth == MAX_DEPTH:
                raise RecursionError("maximum recursion depth exceeded")
            self._depth += 1
            before = sys.getrecursionlimit()
            if self._depth > 1:
                sys.setrecursionlimit(before + FRAMES)
            try:
                return self._answer_to(message)
            finally:
                self._depth -= 1
                if self._depth:
                    sys.setrecursionlimit(max(before, sys.getrecursionlimit() - FRAMES))

    def _answer_to(self, message: tuple) -> tuple[Any, Any]:
        self._send(message)
        while True:
            kind, *rest = self._receive()
            if kind == "return":
                value, extra = rest
                return value, extra
            if kind == "raise":
                description, extra = rest
                raise self.error_from(description, extra)
            self._answer(kind, rest)

    def serve(self) -> None:
        """Answer requests until the other side closes the connection."""
        while True:
            try:
                kind, *rest = self._receive()
            except WireError:
                return
            self._answer(kind, rest)

    def _receive(self) -> tuple:
        while True:
            message = self._connection.receive()
            if type(message) is not tuple or not message or type(message[0]) is not str:
                raise WireError("What came over the connection is no request and no answer.")
            if message[0] != "meet":
                return message
            self._meet(message[1])

    def _answer(self, kind: str, arguments: list) -> None:
        handler: Callable | None = self.HANDLERS.get(kind)
        if handler is None:
            raise WireError(f"The other side asks for {kind[:40]!r}, which is no request.")
        try:
            value, extra = handler(self, *arguments)
            answer = ("return", value, extra)
        except WireError:
            raise
        except BaseException as error:
            answer = ("raise", *self.describe_error(error))
        try:
            self._send(answer)
        except Refused as error:
            # The value cannot cross; nothing of it was sent.
            self._send(("raise", *self.describe_error(TypeError(str(error)))))

    def _send(self, message: tuple) -> None:
        parts = self._parts_of(message)
        while self._new:
            self._introduce(next(iter(self._new)))
        self._connection.send_parts(parts)

    def _parts_of(self, message: tuple) -> list:
        try:
            return self._connection.encoded(message)
        except WireError as error:  # nothing was sent: the conversation goes on
            self._new.clear()
            raise Refused(str(error)) from None

    def _introduce(self, number: int) -> None:
        """Send the description of an object, and before it those of the objects that it mentions."""
        description = self._new.pop(number)
        self._mentioned = []
        parts = self._parts_of(("meet", {number: description}))
        for mentioned in self._mentioned:
            if mentioned in self._new:
                self._introduce(mentioned)
        self._connection.send_parts(parts)

    HANDLERS: ClassVar[dict[str, Callable]] = {}

    # --- Objects ------------------------------------------------------------------------------------------------------

    def _to_id(self, value: Any) -> int | None:
        number = self.number_of_theirs(value)
        if number is not None:
            return -1 - number
        number = self._numbers.get(id(value))
        if number is None:
            kind = values.kind_of(value)
            if kind is None and not self.is_object(value):
                return None
            description = (
                self.describe(value) if kind is None else ("value", kind, values.KINDS[kind].take_apart(value))
            )
            number = len(self._given)
            self._given.append(value)
            self._new[number] = description
            if kind is None:  # a value is sent anew each time, since it may have changed
                self._numbers[id(value)] = number
        if self._new:
            self._mentioned.append(number)
        return number

    def _from_id(self, number: int) -> Any:
        if number < 0:
            return self._given[-1 - number]
        return self._met[number]

    def _meet(self, descriptions: Any) -> None:
        if type(descriptions) is not dict or len(self._met) + len(descriptions) > MAX_MET:
            raise WireError("The other side introduces too much.")
        self._meeting = True
        try:
            for number, description in descriptions.items():
                self._met[number] = self._met_as(number, description)
        finally:
            self._meeting = False

    def _met_as(self, number: Any, description: Any) -> Any:
        if type(number) is not int or number in self._met or type(description) is not tuple or not description:
            raise WireError("The other side introduces what is no object.")
        try:
            if description[0] == "value":
                _, kind, data = description
                return values.KINDS[kind].put_together(data)
            return self.stand_for(number, *description)
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"The other side describes an object that cannot be: {error}"[:300]) from None

    # --- What the two sides do differently ----------------------------------------------------------------------------

    def number_of_theirs(self, value: Any) -> int | None:
        """Return the number of the other side's object for which `value` stands, or None."""
        raise NotImplementedError

    def is_object(self, value: Any) -> bool:
        """Return whether `value` may cross as an object of its own, if it is neither plain nor of a kind."""
        raise NotImplementedError

    def describe(self, value: Any) -> tuple:
        """Return what the other side needs to know of our object."""
        raise NotImplementedError

    def stand_for(self, number: int, sort: str, *details: Any) -> Any:
        """Return what stands for the other side's object here."""
        raise NotImplementedError

    def describe_error(self, error: BaseException) -> tuple[Any, Any]:
        """Return the description of an exception for the other side, and the extra that goes with it."""
        raise NotImplementedError

    def error_from(self, description: Any, extra: Any) -> BaseException:
        """Return the exception to raise for one of the other side."""
        raise NotImplementedError
