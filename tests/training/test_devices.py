"""What TF_CONFIG may say, and what is told where it says something else."""

import pytest

from course_lib.training.devices import read_tf_config, tf_config
from course_lib.training.plan import PlanError

TWO = ["first:2222", "second:2222"]


def test_what_is_written_is_read_again(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", tf_config(TWO, 1))
    assert read_tf_config() == (TWO, 1)


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("worker 0", "cannot be read"),
        ("{}", "cannot be read"),
        (tf_config(TWO, 2), "the index is 2, and there are workers 0 to 1"),
        (tf_config(TWO, "0"), "the index is '0'"),
        (tf_config(["first"], 0), "a list of HOST:PORT"),
        (tf_config([], 0), "a list of HOST:PORT"),
        (tf_config(TWO, 0).replace('"type": "worker"', '"type": "chief"'), "of type worker"),
    ],
)  # fmt: skip
def test_a_mistake_in_it_is_told(monkeypatch, config, sentence):
    monkeypatch.setenv("TF_CONFIG", config)
    with pytest.raises(PlanError, match=sentence):
        read_tf_config()
