"""The wire between the trusted tester and the learner's child: whole messages over a stream socket.

    ours, theirs = socket.socketpair()
    connection = Connection(ours, to_id=handles.give, from_id=handles.find)
    connection.send(("call", 3, (1.0, 2.0), {}), timeout=5)
    answer = connection.receive(timeout=5)

A message is 4 bytes that never change, its size in 4 bytes, and one value (`course_lib.grading.codec`). The other side
may be hostile. At most MAX_MESSAGE bytes are taken for one message, and descriptors that are sent along are closed by
the kernel. Memory is used as bytes arrive, not as they are announced.

A value that `send` refuses has not been sent in part, and the connection goes on. After anything else that failed, be
it a deadline, bad bytes or an interrupt, the two sides may no longer agree on where a message begins: the connection
is closed, and every later use of it raises WireError.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.checking.values import MAX_BYTES as MAX_MESSAGE
from course_lib.grading.codec import OUT_OF_LINE, decode, encode
from course_lib.grading.crossing import WireError

__all__ = ["MAX_MESSAGE", "Connection"]

AT_ONCE = 2**15  # bytes
_HEAD = struct.Struct("<4sI")
_MARK = b"\xd5\x01wv"  # no text begins so: what a print or a log writes into the socket is no message


class Connection:
    """One end of a stream socket, which it owns; for one thread at a time.

    `to_id` and `from_id` write and read handles, as `course_lib.grading.codec` says. `send` is `encoded` and then
    `send_parts`: between the two, what is said of new handles can be sent.
    """

    def __init__(
        self,
        end: socket.socket,
        to_id: Callable[[Any], int | None] | None = None,
        from_id: Callable[[int], Any] = {}.__getitem__,
    ):
        self._socket, self._to_id, self._from_id = end, to_id, from_id
        self._deadline: float | None = None
        self._rest = b""

    def send(self, value: Any, timeout: float | None = None) -> None:
        """Send `value`, within `timeout` seconds in all (None: however long it takes).

        Raises:
            WireError: `value` cannot cross; or the other side does not read, or is gone.
        """
        self.send_parts(self.encoded(value), timeout)

    def encoded(self, value: Any) -> list:
        """Return the message that holds `value`. Raises WireError where it cannot cross."""
        parts = encode(value, self._to_id, _HEAD.size)
        _HEAD.pack_into(parts[0], 0, _MARK, sum(map(len, parts)) - _HEAD.size)
        return parts

    def send_parts(self, parts: list, timeout: float | None = None) -> None:
        """Send what `encoded` returned, within `timeout` seconds in all."""
        self._within(timeout, self._write, parts)

    def receive(self, timeout: float | None = None) -> Any:
        """Return the next value, the whole of which comes within `timeout` seconds (None: however long it takes).

        Raises:
            WireError: the message came too slowly, is too large or is malformed; or the other side is gone.
        """
        return self._within(timeout, self._read)

    @property
    def closed(self) -> bool:
        """Whether it was closed, by `close` or because sending or receiving failed."""
        return self._socket.fileno() < 0

    def close(self) -> None:
        """Close the socket. Nothing can be sent or received afterwards."""
        self._rest = b""
        self._socket.close()

    def _within(self, timeout, action, *arguments):
        self._deadline = None if timeout is None else time.monotonic() + timeout
        try:
            return action(*arguments)
        except BaseException as error:
            self.close()
            if isinstance(error, TimeoutError):
                raise WireError(f"The other side took longer than {timeout:g} s.") from None
            if isinstance(error, OSError):
                raise WireError("The connection is closed.") from None
            if isinstance(error, MemoryError):
                raise WireError("The message is too large for the memory that is left.") from None
            raise

    def _in_time(self):
        """Return the socket, which raises TimeoutError at the deadline of this message."""
        if self._deadline is not None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
        elif self._socket.gettimeout() is not None:
            self._socket.settimeout(None)
        return self._socket

    def _write(self, parts):
        for part in parts:
            self._in_time().sendall(part)

    def _read(self):
        data = self._rest or self._some()
        while len(data) < _HEAD.size:
            data += self._some()
        mark, size = _HEAD.unpack_from(data)
        if mark != _MARK:
            raise WireError("What came over the connection is no message.")
        if size > MAX_MESSAGE:
            raise WireError(f"The message announces {size:,} bytes; at most {MAX_MESSAGE:,} are read.")
        end = _HEAD.size + size
        if len(data) >= end:
            body, self._rest = bytearray(memoryview(data)[_HEAD.size : end]), data[end:]
        else:
            # Pages of an empty array take no memory before they are written to.
            body = memoryview(np.empty(size, np.uint8) if size > OUT_OF_LINE else bytearray(size))
            body[: len(data) - _HEAD.size] = data[_HEAD.size :]
            self._fill(body[len(data) - _HEAD.size :])
            self._rest = b""
        return decode(body, self._from_id)

    def _some(self):
        """Return what has come, which is the whole of most messages; the beginning of the next one is kept."""
        data = self._in_time().recv(AT_ONCE)
        if not data:
            raise WireError("The other side closed the connection.")
        return data

    def _fill(self, rest):
        while len(rest):
            count = self._in_time().recv_into(rest)
            if not count:
                raise WireError("The other side closed the connection.")
            rest = rest[count:]
