"""A server whose network answers only when a file is there: tests can then look at what waits meanwhile.

python -m tests.serving.slow_server FOLDER [ROOM]: it waits for FOLDER/go, and fails where FOLDER/broken is.
"""

import sys
import time
from pathlib import Path

import numpy as np

from course_lib.serving.app import Limits, make_app
from course_lib.serving.models import Model
from course_lib.serving.server import listen, serve
from tests.serving.servers import TOKEN

FOLDER = Path(sys.argv[1])
ROOM = int(sys.argv[2]) if len(sys.argv) > 2 else 256


def predict(images):
    """Return a network's answer: the digit is ten times the first pixel, so that a mix-up shows."""
    while not (FOLDER / "go").exists():
        time.sleep(0.01)
    if (FOLDER / "broken").exists():
        raise FloatingPointError("the weights are gone")
    return np.eye(10)[np.rint(10 * images[:, 0, 0]).astype(int)]


if __name__ == "__main__":
    app = make_app(Model("slow", predict), [TOKEN], Limits(rate=0, waiting=ROOM, body_seconds=1))
    serve(app, listen("127.0.0.1", 0), lambda url: print(f"Serving slow at {url}: open it.", flush=True))
