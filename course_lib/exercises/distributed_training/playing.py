"""Programs of ranks, as probes run them, and the mistakes by which not every rank comes to its end."""

from course_lib.checking.exercise import Misconception
from course_lib.checking.handles import begun
from course_lib.ranks import Deadlock, receive, run, send

ENDS = "4 ranks, then 5: does each come to its end"
YES, FINISHED, ALL_SEND, ALL_RECEIVE, EACH_OTHER, NOBODY, ITSELF, NO_YIELD, NO_REQUEST = (
    "yes",
    "no: one waits for a rank that has finished",
    "no: all that are left want to send, and nobody receives",
    "no: all that are left want to receive, and nobody sends",
    "no: they wait for each other",
    "no: one asks for a rank that does not exist",
    "no: one asks for a message to or from itself",
    "no: the function has no yield",
    "no: one yields something else than a send or a receive",
)


def played(answer, *arguments):
    """Run an answer, the program of a rank, on as many ranks as the lists of `arguments` are long."""
    return run(lambda *own: begun(answer, *own), *arguments)


def in_the_end(*plays):
    """Return in words whether each rank comes to its end in all `plays`; errors that no message makes are raised."""
    try:
        for play in plays:
            play()
    except Deadlock as deadlock:
        waiting = deadlock.waiting
        if any(other is not None and other not in waiting for pair in waiting.values() for other in pair):
            return FINISHED
        if all(source is None for _, source in waiting.values()):
            return ALL_SEND
        return ALL_RECEIVE if all(to is None for to, _ in waiting.values()) else EACH_OTHER
    except (ValueError, TypeError) as error:
        for told, what in (
            ("there are ranks", NOBODY),
            ("itself", ITSELF),
            ("yield`", NO_YIELD),
            ("no `send`", NO_REQUEST),
        ):
            if told in str(error):
                return what
        raise
    return YES


def all_send(rank, size, value, *others):
    yield send((rank + 1) % size, value)


def all_receive(rank, size, value, *others):
    return (yield receive((rank + 1) % size))


def waits_for_the_finished(rank, size, value, *others):
    return value if rank == 0 else (yield receive(0))


def wait_for_each_other(rank, size, value, *others):
    if rank % 2:
        yield receive((rank + 1) % size)
    else:
        yield send(rank - 1 if rank else size - 1, value)
    if rank == size - 1:
        yield send(0, value)
    yield receive((rank + 1) % size)


def sends_to_nobody(rank, size, value, *others):
    return (yield send(rank + size, value))


def sends_to_itself(rank, size, value, *others):
    return (yield send(rank, value))


def without_yield(rank, size, value, *others):
    return value


def yields_the_value(rank, size, value, *others):
    return (yield 1.0)


def mistakes_of_messages():
    """The misconceptions by which a program of four ranks does not come to its end, whatever it is for."""
    told = [
        (
            all_send,
            ALL_SEND,
            "The ranks wait for ever: all that are left want to send, and nobody receives until its own "
            "message is taken.",
            "Let one side send while the other receives; around a ring, where all do both, use `send_receive`.",
        ),
        (
            all_receive,
            ALL_RECEIVE,
            "The ranks wait for ever: all that are left want to receive, and nobody sends.",
            "To every `receive` belongs a `send` of another rank at the same time: write down who sends.",
        ),
        (
            waits_for_the_finished,
            FINISHED,
            "A rank waits for ever for one that has finished: it wants one message more than the other.",
            "Write down for four ranks which messages there are: each `send` needs its `receive`, and no more.",
        ),
        (
            wait_for_each_other,
            EACH_OTHER,
            "The ranks wait for each other for ever: some send to a rank that itself waits for another one.",
            "In each step, write down for four ranks who sends to whom, and who receives from whom: they must match.",
        ),
        (
            sends_to_nobody,
            NOBODY,
            "A rank asks for a message to or from a rank that does not exist: there are ranks 0 to size − 1.",
            "Ask before you send whether that rank exists (`< size`); around a ring take `% size`.",
        ),
        (
            sends_to_itself,
            ITSELF,
            "A rank asks for a message to or from itself.",
            "It has what it would send: leave its own rank out.",
        ),
        (
            without_yield,
            NO_YIELD,
            "The function has no `yield`: it returns something, and no rank sends or receives.",
            "A message is `yield send(to, value)`, and `received = yield receive(source)`.",
        ),
        (
            yields_the_value,
            NO_REQUEST,
            "A rank yields something else than a message.",
            "Yield `send(to, value)`, `receive(source)` or `send_receive(to, value, source)`, and `return` the result.",
        ),
    ]
    return [
        Misconception(answer, cause, cure, answer.__name__, proof=(ENDS, proof)) for answer, proof, cause, cure in told
    ]
