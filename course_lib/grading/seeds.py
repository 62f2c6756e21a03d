"""Each student is graded with a seed of their own, made of the term's secret and the name."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

SEED_VARIABLE = "DESCENT_STUDENT_SEED"
SECRET_VARIABLE = "DESCENT_SECRET"


def term_secret(path: Path) -> bytes:
    """Return the term's secret: $DESCENT_SECRET, else the contents of `path`, which is made on first use.

    Two graders that start at once agree, since the file appears whole, under its name, only once.
    """
    if given := os.environ.get(SECRET_VARIABLE):
        return given.encode()
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    secret = path.read_text().strip()
    if len(secret) < 16:
        raise ValueError(f"The term's secret in {path} is too short to be one: delete the file, and a new one is made.")
    return secret.encode()


def seed_of(student: str, secret: bytes) -> int:
    """Return the seed of `student` this term: HMAC-SHA256(secret, student), cut to 63 bits, so never negative."""
    digest = hmac.new(secret, student.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") >> 1
