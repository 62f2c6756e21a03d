"""Many clients at once, as a server in use has them: how many answers came, and how long each was waited for."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections import Counter
from dataclasses import dataclass

import httpx
import numpy as np

from course_lib.serving.models import SIDE

PERCENTILES = (50, 90, 95, 99)
IMAGES = 64  # that are sent, in turn


@dataclass(frozen=True)
class Outcome:
    """What came of a load test: `waited` holds the seconds of every answer, `errors` counts what else there was."""

    clients: int
    seconds: float
    waited: list[float]
    errors: Counter[str]

    def told(self) -> str:
        lines = [
            f"{self.clients} clients at once: {len(self.waited):,} answers in {self.seconds:.1f} s, "
            f"{len(self.waited) / self.seconds:,.0f} a second; {sum(self.errors.values()):,} errors."
        ]
        if self.waited:
            milliseconds = 1000 * np.array(self.waited)
            points = [f"p{p} {value:.0f} ms" for p, value in zip(PERCENTILES, _percentiles(milliseconds), strict=True)]
            lines.append(f"Latency: {', '.join(points)}, longest {milliseconds.max():.0f} ms.")
        lines += [f"{count:,} times: {error}" for error, count in self.errors.most_common()]
        return "\n".join(lines)


def _percentiles(values: np.ndarray) -> np.ndarray:
    # A latency that somebody really waited, and not a mean of two.
    return np.percentile(values, PERCENTILES, method="inverted_cdf")


def run(url: str, token: str, clients: int, requests: int) -> Outcome:
    """Let `clients` at once send `requests` each, one after the other, to the server at `url`."""
    return asyncio.run(_run(url, token, clients, requests))


async def _run(url: str, token: str, clients: int, requests: int) -> Outcome:
    pixels = np.random.default_rng(0).uniform(size=(IMAGES, SIDE, SIDE)).round(3)
    bodies = [json.dumps({"pixels": image.tolist()}).encode() for image in pixels]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    certificates = ssl.create_default_context()  # each client would read them anew
    waited: list[float] = []
    errors: Counter[str] = Counter()

    async def client(number: int) -> None:
        # Its own connection, as that of another machine. Variables that name a proxy are not for this.
        async with httpx.AsyncClient(
            base_url=url, headers=headers, timeout=60, trust_env=False, verify=certificates
        ) as connection:
            for turn in range(requests):
                start = time.perf_counter()
                try:
                    answer = await connection.post("/predict", content=bodies[(number + turn) % IMAGES])
                except httpx.HTTPError as error:
                    errors[f"{type(error).__name__}: {error}"] += 1
                    continue
                if answer.status_code == 200 and len(answer.json()["probabilities"]) == 10:
                    waited.append(time.perf_counter() - start)
                else:
                    errors[f"status {answer.status_code}: {answer.text}"] += 1

    start = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(clients)))
    return Outcome(clients, time.perf_counter() - start, waited, errors)
