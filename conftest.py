"""For every pytest run, nbval's included: on the CPU, silent, repeatable, and out of anybody's progress record."""

import os
import tempfile

import pytest

# Before anything imports NumPy or TensorFlow. Without oneDNN sums run in one order, so that results repeat.
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="-1")
# Two test workers with two threads each on two cores wait for one another most of the time: an epoch of chapter 08
# takes a minute in place of four seconds.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# The folder goes away with the object, when the process ends.
_home = tempfile.TemporaryDirectory(prefix="descent-", ignore_cleanup_errors=True)
os.environ["DESCENT_HOME"] = _home.name
_homes = {}  # {notebook: the home that is its own}
# Where this is set, every kernel and command compiles the course's modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Give each notebook that nbval runs an empty home: what it stores must not depend on what others have written."""
    if item.path.suffix == ".ipynb":
        number = _homes.setdefault(item.path, len(_homes))
        os.environ["DESCENT_HOME"] = os.path.join(_home.name, f"notebook-{number}")
