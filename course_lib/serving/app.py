"""The paths of the server, and what each answers.

    POST /predict   an image → its digit, and the probabilities of all ten
    GET  /metrics   what Prometheus scrapes
    GET  /health    whether the server is at work
    GET  /          a page to draw a digit on

All but the last two need a token. Every answer that is not the one asked for is {"error": "one sentence"}.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from course_lib.serving.access import Access, RateLimit
from course_lib.serving.batching import Batcher
from course_lib.serving.images import WANTED, image_of
from course_lib.serving.metrics import Metrics
from course_lib.serving.models import Model
from course_lib.serving.refusal import Refused

PATHS = ("/predict", "/metrics", "/health", "/")
PAGE = Path(__file__).with_name("draw.html")
# Nothing here is for other pages, and nothing that was answered lies in a cache.
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Limits:
    """What a server takes on.

    Args:
        rate: requests a second for each token, and for each address without one; 0 for any number.
        body: bytes of a request. An image has about 16,000, with spaces and every digit of a float64 30,000.
        body_seconds: how long a body may be on its way.
        waiting: requests that wait for the network.
        batch: images that go through it at once.
    """

    rate: float = 20
    body: int = 65_536
    body_seconds: float = 10
    waiting: int = 256
    batch: int = 32


def make_app(model: Model, tokens: list[str], limits: Limits | None = None):
    """Return the ASGI app that serves `model` to whoever has one of `tokens`.

    Raises:
        ValueError: there is no token.
    """
    limits = limits or Limits()
    access = Access(tokens, RateLimit(limits.rate))
    metrics = Metrics(lambda: batcher.waiting)
    batcher = Batcher(model.predict, limits.batch, limits.waiting, metrics.batch)

    @asynccontextmanager
    async def working(app):
        async with batcher:
            yield

    # Without the pages that FastAPI makes of an app: they fetch scripts from elsewhere.
    app = FastAPI(lifespan=working, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.add_exception_handler(Refused, _refusal)
    app.add_exception_handler(HTTPException, _no_such_thing)
    app.add_exception_handler(Exception, _failure)

    def admit(request: Request, is_counted: bool = True) -> None:
        address = request.client.host if request.client else "unknown"
        access.admit(request.headers.get("authorization"), address, is_counted)

    @app.post("/predict")
    async def predict(request: Request):
        admit(request)  # before anything of the body is read
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Refused(415, f"The header Content-Type must be application/json. {WANTED}")
        image = image_of(await _body(request, limits))
        probabilities = await batcher(image)
        metrics.answered(probabilities)
        said = {"digit": int(probabilities.argmax()), "probabilities": probabilities.tolist(), "model": model.name}
        return JSONResponse(said, headers=HEADERS)

    @app.get("/metrics")
    def scrape(request: Request):  # in a thread: looking at a GPU takes a moment
        admit(request, is_counted=False)
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST, headers=HEADERS)

    @app.get("/health")
    async def health():
        if not batcher.is_working:
            raise Refused(503, "The network has stopped: start the server again.")
        return JSONResponse({"status": "ok"}, headers=HEADERS)

    page, policy = _page()

    @app.get("/")
    async def draw():
        return HTMLResponse(page, headers={**HEADERS, "Content-Security-Policy": policy})

    return metrics.measured(app, PATHS)


def _page() -> tuple[str, str]:
    """Return the page to draw on, and the policy by which it runs its own script, asks its own server, and no more."""
    page = PAGE.read_text(encoding="utf-8")
    script = page.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return page, (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


async def _body(request: Request, limits: Limits) -> bytes:
    """Return the body of a request, and read no more than is allowed."""
    too_large = Refused(413, f"The body is larger than {limits.body:,} bytes. {WANTED}")
    said = request.headers.get("content-length", "0")
    if not said.isdigit() or len(said) > 18 or int(said) > limits.body:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for part in request.stream():
                body += part
                if len(body) > limits.body:
                    raise too_large
    except TimeoutError:
        raise Refused(408, "The body did not arrive in time: send it at once.") from None
    except ClientDisconnect:
        raise Refused(400, "The body broke off.") from None
    return bytes(body)


def _error(status: int, sentence: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": sentence}, status, headers={**HEADERS, **(headers or {})})


async def _refusal(request: Request, refused: Refused) -> JSONResponse:
    return _error(refused.status, refused.sentence, refused.headers)


async def _no_such_thing(request: Request, error: HTTPException) -> JSONResponse:
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "another method")
        return _error(405, f"{request.url.path} is asked for with {allowed}, not {request.method}.", error.headers)
    return _error(error.status_code, f"There is nothing here. Ask for {', '.join(PATHS)}.", error.headers)


async def _failure(request: Request, error: Exception) -> JSONResponse:
    return _error(500, "The server failed on this request; its log says why.")
