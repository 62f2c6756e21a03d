"""Requests that wait go through the network together: sixteen images at once take little longer than one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from course_lib.serving.refusal import Refused

log = logging.getLogger(__name__)


class Batcher:
    """Makes batches of single images, without a delay: whatever came in while the network was at work is the next one.

    Used as an asynchronous context; within it, `await batcher(image)` returns the probabilities of one image.

    Args:
        predict: from images (n, 28, 28) to probabilities (n, 10). It runs in a thread of its own, once at a time.
        most: images in a batch.
        room: requests that may wait; one more is refused at once, since it would wait longer than its client does.
        seen: told of the size of every batch.
    """

    def __init__(
        self,
        predict: Callable[[np.ndarray], np.ndarray],
        most: int,
        room: int,
        seen: Callable[[int], None] = lambda size: None,
    ):
        self._predict, self._most, self._seen = predict, most, seen
        self._waiting: asyncio.Queue[tuple[np.ndarray, asyncio.Future]] = asyncio.Queue(room)
        self._work: asyncio.Task | None = None

    @property
    def waiting(self) -> int:
        return self._waiting.qsize()

    @property
    def is_working(self) -> bool:
        return self._work is not None and not self._work.done()

    async def __aenter__(self) -> Batcher:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="network")
        self._work = asyncio.create_task(self._go_on())
        return self

    async def __aexit__(self, *error) -> None:
        self._work.cancel()
        await asyncio.wait([self._work])
        while not self._waiting.empty():  # only where they were not waited for long enough
            self._waiting.get_nowait()[1].cancel()
        self._thread.shutdown()

    async def __call__(self, image: np.ndarray) -> np.ndarray:
        """Return the probabilities (10,) of an image (28, 28).

        Raises:
            Refused: 503 where too many wait, 500 where the network failed.
        """
        answer = asyncio.get_running_loop().create_future()
        try:
            self._waiting.put_nowait((image, answer))
        except asyncio.QueueFull:
            sentence = "Too many requests wait already: try again in a second."
            raise Refused(503, sentence, {"Retry-After": "1"}) from None
        return await answer

    async def _go_on(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < self._most and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            images = np.stack([image for image, _ in batch])
            self._seen(len(batch))
            try:
                probabilities = await loop.run_in_executor(self._thread, self._predict, images)
                if probabilities.shape != (len(batch), 10) or not np.isfinite(probabilities).all():
                    raise ValueError("the network's answer is not ten finite numbers for each image")
            except Exception:  # whatever a network does: those who wait are told, and the next batch has its turn
                log.exception("The network failed on a batch of %d.", len(batch))
                sentence = "The network failed on this image; the server's log says why."
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(Refused(500, sentence))
                continue
            for (_, answer), row in zip(batch, probabilities, strict=True):
                if not answer.done():  # whoever asked may be gone
                    answer.set_result(row)
