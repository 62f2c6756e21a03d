"""Let Keras fetch one file: `python keras_child.py NAME ORIGIN FILE_HASH` ends with {"path": …} or {"error": …}.

A process of its own, because Keras takes seconds to import, writes to stderr, and downloads without any time limit.
"""

import json
import os
import socket
import sys
import urllib.parse
import urllib.request
from pathlib import Path

CONNECT, STALL = 5, 20  # seconds without a connection, and without a byte


def main(name: str, origin: str, file_hash: str) -> str:
    """Return the path at which Keras put the file. Raises whatever went wrong."""
    socket.setdefaulttimeout(STALL)
    url = urllib.parse.urlsplit(origin)
    kept = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser() / "datasets" / name
    if not kept.exists() and url.scheme not in urllib.request.getproxies():
        # Without a network this says so at once, where importing Keras first would take 6 s or more.
        socket.create_connection((url.hostname, url.port or {"http": 80}.get(url.scheme, 443)), timeout=CONNECT).close()
    import keras

    return keras.utils.get_file(name, origin=origin, file_hash=file_hash)


if __name__ == "__main__":
    try:
        result = {"path": main(*sys.argv[1:])}
    except Exception as error:
        result = {"error": f"{type(error).__name__}: {error}"}
    print("\n" + json.dumps(result))
