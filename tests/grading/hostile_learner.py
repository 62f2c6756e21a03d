"""A learner's process that lies: a thread at the other end of the channel, which says whatever a test has it say.

    results = run(testers, Hostile(call=lambda hostile, target, arguments, keywords: 3), ["assert f(1) == 2"])

A request is answered by the function of that name, which is given the `Hostile` and what was asked, without the
seconds. Those that it has none for are answered as an idle process would, whose only name is the function f. What is
introduced by `meet` (a description) is said by the handle that it returns. Nothing is checked on this side.
"""

import contextlib
import socket
import threading
from dataclasses import dataclass

from course_lib.grading.crossing import Raised, WireError
from course_lib.grading.split.plan import TeacherCell, read
from course_lib.grading.split.tester import Cell, CellResult, Job
from course_lib.grading.wire import Connection

LOST = ["raised", "not run"]  # the submission's process is not believed any more
TEACHERS = [("other", "import numpy as np\nimport unittest"), ("solution", "def f(x):\n    return x")]


@dataclass(frozen=True)
class Handle:
    """An object: of ours from 0 up, of the tester's below."""

    number: int


@dataclass(frozen=True)
class Answer:
    """A whole answer: ("return", value, extra) or ("raise", description, extra)."""

    parts: tuple


def returned(value, printed=(), rebound=(), warned=(), changed=None):
    """Return an answer with what may be said besides a value."""
    return Answer(("return", value, (list(printed), list(rebound), list(warned), changed)))


def raised(claims, arguments=(), message="x", trace=""):
    """Return an answer that raises an exception of a library's: `claims` are (module, name) of its classes."""
    return Answer(("raise", ((claims, arguments), Raised("Lie", message, trace), None, False), None))


class Hostile:
    """Answers requests by what it was given; `asked` keeps every request."""

    def __init__(self, **answers):
        self.answers, self.asked, self.met = answers, [], {}
        self._new, self._last = {}, -1

    def serve(self, end):
        def number(value):
            return value.number if type(value) is Handle else None

        self._connection = Connection(end, number, lambda number: Handle(-1 - number))
        with contextlib.suppress(WireError):
            while True:
                kind, *rest = self._receive()
                self._answer(kind, rest[1:])
        self._connection.close()

    def _answer(self, kind, arguments):
        if kind == "call":
            target, keywords, *values = arguments
            arguments = [target, tuple(values), keywords or {}]
        self.asked.append((kind, *arguments))
        if kind in self.answers:
            answer = self.answers[kind](self, *arguments)
        elif kind == "names":
            answer = ({name: self.function(name) for name in arguments[0] if name == "f"}, {})
        else:
            answer = {"run": ([], True), "files": []}.get(kind)
        self._say(answer.parts if isinstance(answer, Answer) else ("return", answer, None))

    # --- What it may say ----------------------------------------------------------------------------------------------

    def meet(self, *description, number=None):
        """Introduce an object; return its handle."""
        self._last = self._last + 1 if number is None else number
        self._new[self._last] = description
        return Handle(self._last)

    def function(self, name="f"):
        return self.meet("function", name, name, "__main__", None, 1, None, {}, None)

    def value(self, kind, data):
        """Introduce an object of a kind that crosses by value."""
        return self.meet("value", kind, data)

    def known(self, kind):
        """Introduce a class that stands for itself on both sides."""
        return self.value("class", [kind.__module__, kind.__qualname__])

    def kind(self, name="Thing", module="__main__", own=(), library=(), specials=()):
        return self.meet("class", name, module, None, list(own), list(library), list(specials), None)

    def thing(self, *arguments, **claims):
        """Introduce an object of a class of which all that is claimed, see `kind`."""
        return self.meet("object", self.kind(*arguments, **claims))

    def ask(self, *request):
        """Ask the tester, and return ("return" or "raise", what it says)."""
        self._say(request)
        while True:
            kind, *rest = self._receive()
            if kind in ("return", "raise"):
                return kind, rest[0]
            self._answer(kind, rest[1:])

    def _say(self, message):
        new, self._new = self._new, {}
        for number, description in new.items():  # one by one: a description may mention the one before
            self._connection.send(("meet", {number: description}), 20)
        self._connection.send(message, 20)

    def _receive(self):
        while True:
            message = self._connection.receive(20)
            if message[0] != "meet":
                return message
            self.met.update({Handle(-1 - number): description for number, description in message[1].items()})


def run(testers, hostile, tests, teachers=TEACHERS, seconds=2.0, folder="", allowed=None):
    """Run `tests`, sources of a teacher's test cells, against `hostile`; return the results that came.

    `allowed`: the operators that are asked of the learner's process, as a run with the teacher's solution records them.
    """
    others = [TeacherCell(f"teacher {number}", source, role) for number, (role, source) in enumerate(teachers)]
    tests = [TeacherCell(f"test {number}", source, "test") for number, source in enumerate(tests)]
    plan = read([*others, *tests])
    cells = [Cell(test.name, test.source, "test") for test in tests]
    return run_job(testers, hostile, Job(cells, plan, seconds, 1, folder=str(folder), allowed=allowed))


def run_cells(testers, hostile, sources):
    """Have `hostile` run the cells of a submission; return the results that came."""
    plan = read([TeacherCell("test", "f", "test")])
    return run_job(testers, hostile, Job([Cell(source, source, "run") for source in sources], plan, 2.0, 1))


def run_job(testers, hostile, job):
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=hostile.serve, args=[theirs], daemon=True)
    thread.start()
    with ours:
        said = list(testers.run(job, ours, 20.0))
    thread.join(20)
    return [CellResult(**result) for result in said if "recorded" not in result]


def giving(answer):
    """A learner's process whose f gives `answer(hostile)` on each call."""
    return Hostile(call=lambda hostile, target, arguments, keywords: answer(hostile))


def states(results):
    return [result.state for result in results]


def outputs(results):
    return str([result.outputs for result in results])


def lent(hostile, sort):
    names = {"generator": "gen", "case": "Case", "mock": "Mock", "function": "<lambda>"}
    return next(handle for handle, (_, name, *_) in hostile.met.items() if name == names[sort])
