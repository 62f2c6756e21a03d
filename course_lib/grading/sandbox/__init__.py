"""The sandbox: where learner's code runs, and nothing of it gets out.

`Sandbox` starts a *warm parent* (Python with its imports done) inside, and forks a child from it for each submission.
The files, in the order in which a submission meets them:

    sandbox.py   the worker's side: starts the warm parent, asks for children, reads how they ended
    enter.py     between the two: gives up root, then becomes bubblewrap around the warm parent
    parent.py    the warm parent: forks, watches, kills what is left
    child.py     the first moments of a child: gives up everything, then calls the entry point
    landlock.py  no files, ports and signals but those named        seccomp.py  no system calls that it does not need
    watch.py     what a tree of processes uses                      kernel.py   system calls that Python has no name for
    trial.py     which layers hold on this machine, by trying       cores.py    on which cores all this runs

docs/security.md says what is promised and what is not.
"""

from course_lib.grading.sandbox.sandbox import LAYERS, Child, Limits, Outcome, Sandbox, SandboxError, suffices
from course_lib.grading.sandbox.trial import examine, layers_that_hold

__all__ = [
    "LAYERS",
    "Child",
    "Limits",
    "Outcome",
    "Sandbox",
    "SandboxError",
    "examine",
    "layers_that_hold",
    "suffices",
]
