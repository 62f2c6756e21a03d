"""Which examples a step has, how they are shared out, and what a folder says about the run in it."""

import numpy as np
import pytest

from course_lib.training.plan import Plan, PlanError, batch_of, hold_to, share_of

UNEVEN = Plan(batch=12, examples=50)  # four batches of 12, then one of 2


def test_each_example_is_in_an_epoch_once_and_epochs_have_other_orders():
    first = np.concatenate([batch_of(UNEVEN, step) for step in range(5)])
    second = np.concatenate([batch_of(UNEVEN, step) for step in range(5, 10)])
    assert sorted(first) == sorted(second) == list(range(50))
    assert list(first) != list(second)
    assert [len(batch_of(UNEVEN, step)) for step in range(6)] == [12, 12, 12, 12, 2, 12]


@pytest.mark.parametrize("replicas", [1, 2, 3, 5])
@pytest.mark.parametrize("step", [0, 4])
def test_shares_are_one_batch_and_their_weights_make_its_mean(replicas, step):
    shares = [share_of(UNEVEN, step, replica, replicas) for replica in range(replicas)]
    assert len({examples.shape for examples, _ in shares}) == 1, "another shape is another graph"
    real = [example for examples, weights in shares for example in examples[weights > 0]]
    assert real == list(batch_of(UNEVEN, step))
    values = np.random.default_rng(0).normal(size=50)
    mean = sum(weights @ values[examples] for examples, weights in shares)
    assert mean == pytest.approx(values[real].mean())


def test_a_folder_goes_on_with_the_same_run_only(tmp_path):
    hold_to(Plan(steps=10), tmp_path)
    hold_to(Plan(steps=20), tmp_path)
    with pytest.raises(PlanError, match=r"other settings: batch 100 instead of 60, momentum 0\.9 instead of 0\.5\. "):
        hold_to(Plan(batch=60, momentum=0.5), tmp_path)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"batch": 0}, "batch is 0, and has to be 1 or more"), ({"examples": 25}, "has to be a multiple of 10")],
)
def test_settings_that_cannot_be_are_told(wrong, sentence):
    with pytest.raises(PlanError, match=sentence):
        Plan(**wrong)
