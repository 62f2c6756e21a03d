"""What Prometheus is told: requests and how long they took, batches, answers, and what the machine is doing.

No metric holds anything of an image, a token or an address. Which digits are read, and how surely, tells of *drift*:
where people draw otherwise than the training images, both move before anybody has counted an error.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator

import numpy as np
import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

log = logging.getLogger(__name__)

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
SIZES = (1, 2, 4, 8, 16, 32, 64)
SHARES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1)
MIB = 2**20
# What nvidia-smi is asked, {its name there: (ours, what it is, by what a value is multiplied)}.
GPU = {
    "utilization.gpu": ("digits_gpu_use_ratio", "Share of the time in which the GPU computed.", 0.01),
    "memory.used": ("digits_gpu_memory_used_bytes", "Memory of the GPU in use.", MIB),
    "memory.total": ("digits_gpu_memory_total_bytes", "Memory of the GPU.", MIB),
}


class Metrics:
    """All metrics of one server.

    Args:
        waiting: how many requests wait for the network at this moment.
    """

    def __init__(self, waiting: Callable[[], int]):
        self.registry = registry = CollectorRegistry()
        self._requests = Counter("digits_requests", "Requests.", ["path", "status"], registry=registry)
        self._seconds = Histogram(
            "digits_request_seconds", "From the first byte of a request to the last of its answer.",
            ["path"], buckets=SECONDS, registry=registry,
        )  # fmt: skip
        self._in_progress = Gauge("digits_requests_in_progress", "Requests that are not answered.", registry=registry)
        self._batches = Histogram("digits_batch_size", "Images in a batch.", buckets=SIZES, registry=registry)
        self._read = Counter("digits_read", "Images by the digit that was read.", ["digit"], registry=registry)
        self._confidence = Histogram(
            "digits_confidence", "Probability of the digit that was read.", buckets=SHARES, registry=registry
        )
        Gauge("digits_waiting", "Requests that wait for the network.", registry=registry).set_function(waiting)
        for digit in range(10):
            self._read.labels(digit)  # there from the start, so that a rate can be taken of each
        registry.register(Machine())
        if shutil.which("nvidia-smi"):
            registry.register(Gpus())

    def batch(self, size: int) -> None:
        self._batches.observe(size)

    def answered(self, probabilities: np.ndarray) -> None:
        """Count an answer, probabilities (10,)."""
        self._read.labels(int(probabilities.argmax())).inc()
        self._confidence.observe(float(probabilities.max()))

    def measured(self, app, paths: tuple[str, ...]):
        """Return an ASGI app that does what `app` does, and counts it. Paths other than `paths` are one: "other"."""

        async def measuring(scope, receive, send):
            if scope["type"] != "http":
                return await app(scope, receive, send)
            path, status = scope["path"] if scope["path"] in paths else "other", 500
            start = time.perf_counter()

            async def noting(message):
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            with self._in_progress.track_inprogress():
                try:
                    await app(scope, receive, noting)
                finally:
                    self._requests.labels(path, status).inc()
                    self._seconds.labels(path).observe(time.perf_counter() - start)

        return measuring


class Machine(Collector):
    """CPU and memory, of this process and of the machine, at the moment in which they are asked for."""

    def __init__(self):
        self._process = psutil.Process()
        psutil.cpu_percent()  # the first answer is 0; every other one is the mean since the one before

    def collect(self) -> Iterator[Metric]:
        spent = self._process.cpu_times()
        yield CounterMetricFamily(
            "digits_process_cpu_seconds", "Time on a CPU of the server.", value=spent.user + spent.system
        )
        yield _gauge("digits_process_memory_bytes", "Memory of the server.", self._process.memory_info().rss)
        yield _gauge("digits_cpu_use_ratio", "Share of all CPUs in use.", psutil.cpu_percent() / 100)
        memory = psutil.virtual_memory()
        yield _gauge("digits_memory_available_bytes", "Memory that programs can still have.", memory.available)
        yield _gauge("digits_memory_total_bytes", "Memory of the machine.", memory.total)


class Gpus(Collector):
    """Use and memory of every GPU that NVIDIA's driver knows."""

    _is_told = False  # that the driver does not answer

    def describe(self) -> Iterator[Metric]:
        """What there may be, without asking the driver."""
        yield from _families().values()

    def collect(self) -> Iterator[Metric]:
        asked = ["nvidia-smi", f"--query-gpu=index,{','.join(GPU)}", "--format=csv,noheader,nounits"]
        try:
            answer = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True).stdout
        except (OSError, subprocess.SubprocessError) as error:
            if not self._is_told:
                log.warning("The GPUs cannot be looked at: %s", error)
            self._is_told = True
            return
        yield from gpus_in(answer)


def gpus_in(answer: str) -> Iterator[Metric]:
    """Return the metrics in what nvidia-smi prints, a line a GPU; what a GPU does not tell ([N/A]) is left out."""
    families = _families()
    for line in answer.splitlines():
        index, *values = (value.strip() for value in line.split(","))
        for (name, _, factor), value in zip(GPU.values(), values, strict=True):
            if value.replace(".", "", 1).isdigit():
                families[name].add_metric([index], float(value) * factor)
    return iter(families.values())


def _families() -> dict[str, GaugeMetricFamily]:
    return {name: GaugeMetricFamily(name, what, labels=["gpu"]) for name, what, _ in GPU.values()}


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)
