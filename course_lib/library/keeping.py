"""From a check that passed to the library: `keep` uses the answer at once, and hands its source to the verifier."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from course_lib import cells
from course_lib.checking import progress
from course_lib.checking.exercise import Exercise
from course_lib.checking.home import unwritable
from course_lib.library import guard, serving
from course_lib.library.serving import TOO_SLOW, Live
from course_lib.library.shelf import Draft, Entry, Shelf, digest_of


def keep(exercise: Exercise, answer: Any, seed: int) -> str:
    """Use an answer that has passed in full, hand it on to be kept, and return the sentence that says so.

    Only in a notebook, and only for pieces that others can use: elsewhere it does nothing, and says nothing. It takes a
    few milliseconds; that the answer stands alone is found out by another process (`verify`).
    """
    running = cells.watch()
    if running is None or not serving.has_piece(exercise):
        return ""
    name, shelf = exercise.name, Shelf()
    before = serving.live.get(name)
    if before is not None and before.answer is answer:
        return _newer_sentence(shelf, name, before)
    try:
        made = _keep(exercise, answer, seed, shelf, running)
    except OSError as error:
        progress.tell(unwritable(shelf.home, error))  # once, not at every answer
        made = Live(answer, time.time(), sentence=f"In this notebook `yours.{name}` is your own.")
    serving.live[name] = made
    return made.sentence


def _keep(exercise: Exercise, answer: Any, seed: int, shelf: Shelf, running: cells.Cells) -> Live:
    # Loaded here, where it is needed: most processes that import this module keep nothing.
    from course_lib.library.extract import CannotStandAlone, stand_alone

    name, now = exercise.name, time.time()
    chapter, _ = serving.piece(name)
    ratio = _times_as_long(exercise, answer, seed)
    if ratio > TOO_SLOW:
        slow = f"it takes {ratio:.0f} times as long as the course's"
        sentence = f"Demonstrations go on with the course's `{name}`: yours takes {ratio:.0f} times as long."
    else:
        slow, sentence = "", f"From here on `yours.{name}` is your own."
    try:
        section = stand_alone(name, answer, running.code(), running.shell.user_ns)
    except CannotStandAlone as reason:
        why = str(reason)
    except Exception as error:  # code can be written in ways that nobody has thought of: then it is used, not kept
        why = f"its code could not be taken out of this notebook ({type(error).__name__})"
    else:
        digest = digest_of(section.source.strip())
        entry = shelf.entries().get(name, Entry())
        if entry.refused == digest:
            return Live(answer, now, digest, slow, sentence if slow else _used_here(name, entry.why_refused))
        if not (entry.section == digest and entry.module and digest_of(shelf.text(entry.module)) == entry.digest):
            topic = serving.topic_of(chapter, exercise)
            shelf.submit(Draft(name, chapter, topic, section.source, tuple(section.futures), seed))
            serving.start_verifier(shelf)
        return Live(answer, now, digest, slow, sentence)
    shelf.change({name: lambda known: _refused(known, chapter, why)})
    return Live(answer, now, "", slow, sentence if slow else _used_here(name, why))


def _refused(known: Entry, chapter: str, why: str) -> Entry:
    return replace(known, chapter=chapter, refused="", why_refused=why)


def _used_here(name: str, why: str) -> str:
    return f"In this notebook `yours.{name}` is your own; it is not kept for later, because {why}."


def _newer_sentence(shelf: Shelf, name: str, before: Live) -> str:
    """What was said of the answer when it passed first, or what the verifier has found out since."""
    entry = shelf.entries().get(name, Entry())
    if before.section and entry.refused == before.section:
        return _used_here(name, entry.why_refused)
    return before.sentence


def _times_as_long(exercise: Exercise, answer: Any, seed: int) -> float:
    """How many times as long as the course's the answer takes; measured only where its check took long."""
    if guard.seconds_taken.get(exercise.name, 0.0) < serving.NOT_SLOW or not serving.is_timed(exercise):
        return 0.0
    return serving.times_as_long(exercise, answer, seed)
