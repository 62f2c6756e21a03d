"""The outputs of a learner's cell, made what nbformat allows."""

from __future__ import annotations

import json
import re
from typing import Any

from course_lib.grading.split.shell import MAX_OUTPUT, as_json


def clean(outputs: Any) -> list[dict]:
    """Return a learner's outputs as nbformat allows them; what is none, or too much, is left out."""
    kept: list[dict] = []
    room = MAX_OUTPUT
    for output in outputs[:1000] if type(outputs) is list else ():
        made = _cleaned(output) if type(output) is dict else None
        if made is None:
            continue
        made = as_json(made)
        room -= len(json.dumps(made))
        if room < 0:
            break
        kept.append(made)
    return kept


def _cleaned(output: dict) -> dict | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": str(output.get("text", ""))}
    if kind == "error":
        trace = output.get("traceback")
        lines = [str(line) for line in trace] if type(trace) is list else []
        texts = {key: str(output.get(key, "")) for key in ("ename", "evalue")}
        return {"output_type": "error", **texts, "traceback": lines}
    if kind not in ("display_data", "execute_result") or type(output.get("data")) is not dict:
        return None
    data = {mime: item for mime, item in output["data"].items() if re.fullmatch(r"[\w.+-]+/[\w.+-]+", str(mime))}
    data = {mime: item if mime.endswith("json") else str(item) for mime, item in data.items()}
    metadata = output.get("metadata") if type(output.get("metadata")) is dict else {}
    made = {"output_type": kind, "data": data, "metadata": metadata}
    return made | ({"execution_count": None} if kind == "execute_result" else {})
