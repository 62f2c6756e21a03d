"""What the chapters and the command line use: `fetch`, `status`, and what is loaded."""

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from course_lib import data
from course_lib.data.sources import obtain
from tests.data.tiny import REAL, cache, fill_cache, tiny


def test_importing_is_cheap():
    code = (
        "import sys; import course_lib.data; heavy = {'keras', 'tensorflow', 'sklearn', 'filelock', 'asyncio', 'pip'}; "
        "print(heavy & set(sys.modules))"
    )
    root = Path(data.__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root).stdout == "set()\n"


@pytest.fixture
def only_tiny(monkeypatch):
    """Let `fetch` and `status` know of no other data set."""
    monkeypatch.setattr(data, "DATA_SETS", {"tiny": tiny()})


def test_fetch_tells_where_from_even_when_the_cache_serves(only_tiny, right_file, capsys):
    assert data.fetch("tiny", right_file).kind == "file"
    assert "checksums verified; kept in" in capsys.readouterr().out
    assert data.fetch("tiny").kind == "cache"
    assert capsys.readouterr().out.startswith(f"Tiny from the cache, first fetched from {right_file}")
    assert data.fetch("tiny", say=None).kind == "cache"
    assert capsys.readouterr().out == ""


def test_fetch_refuses_an_unknown_name(only_tiny):
    with pytest.raises(KeyError, match="no data set called 'fashion'; there are: tiny"):
        data.fetch("fashion")


def test_status_tells_missing_whole_and_damaged_apart_and_changes_nothing(only_tiny, tmp_path):
    (status,) = data.status()
    assert (status.cached, status.verified, status.megabytes) == (False, False, 0.0)
    assert "nothing in" in status.note and not cache(tmp_path).parent.exists()

    whole = fill_cache(tmp_path)
    (status,) = data.status()
    assert (status.cached, status.verified, status.path) == (True, True, cache(tmp_path))
    assert status.megabytes == len(whole) / 1e6 and "checksums verified" in status.note

    cache(tmp_path).write_bytes(whole[:500])
    (status,) = data.status()
    assert (status.cached, status.verified) == (True, False)
    assert "Tiny is not cached" in status.note and cache(tmp_path).read_bytes() == whole[:500]


def test_what_is_loaded_unpacks_and_knows_its_source(tmp_path):
    fill_cache(tmp_path)
    parts, source = obtain(tiny())
    loaded = data.TrainTest((parts["x_train"], parts["y_train"]), (parts["x_test"], parts["y_test"]), source)
    (x_train, _), (_, y_test) = loaded
    assert np.array_equal(x_train, REAL["x_train"]) and np.array_equal(y_test, REAL["y_test"])
    assert repr(loaded) == "<Tiny: 6 to train on, 2 to test on>"
    copy = pickle.loads(pickle.dumps(loaded))
    assert copy.source == source and np.array_equal(copy[0][0], x_train)
