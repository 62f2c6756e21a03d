"""The environment in which a learner's kernel starts: nothing in it that only our tests set.

But for OPENBLAS_NUM_THREADS, by which tests share the cores; no output hangs on it.
"""

import os
import sysconfig

# What tests, their runner or a maintainer's shell set; a kernel in which pytest shows keeps C++ libraries from a cell.
_OURS = ("TF_", "CUDA_", "DESCENT_", "NBGRADER_", "PYTEST_", "VIRTUAL_ENV")


def learner_environment(**more: object) -> dict[str, str]:
    """Return this process's variables without ours, and without the course's programs on the path, and `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    folders = [folder for folder in kept["PATH"].split(os.pathsep) if folder != sysconfig.get_path("scripts")]
    return kept | {"PATH": os.pathsep.join(folders)} | {name: str(value) for name, value in more.items()}
