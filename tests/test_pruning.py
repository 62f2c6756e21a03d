"""Pruning by magnitude against its definition: as many zeros as asked for, and those of the smallest magnitude."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from course_lib import pruning

# Few different numbers, so that there are many equal magnitudes.
WEIGHTS = arrays(np.float32, array_shapes(max_dims=4, max_side=6), elements=st.sampled_from([-2, -1, -0.5, 0.5, 1, 2]))


@given(WEIGHTS, st.floats(0, 1))
def test_the_number_of_zeros_is_exact_also_where_magnitudes_are_equal(weights, sparsity):
    pruned = pruning.prune_by_magnitude(weights, sparsity)
    gone = pruned == 0
    assert gone.sum() == round(sparsity * weights.size)
    assert pruned.shape == weights.shape and pruned.dtype == weights.dtype
    np.testing.assert_array_equal(pruned[~gone], weights[~gone])
    if 0 < gone.sum() < gone.size:
        assert np.abs(weights[gone]).max() <= np.abs(weights[~gone]).min()


def test_of_equal_magnitudes_the_first_go():
    np.testing.assert_array_equal(pruning.prune_by_magnitude(np.array([1.0, -1, 1, -1, 3]), 0.6), [0, 0, 0, -1, 3])


@pytest.mark.parametrize("sparsity", [-0.1, 1.1, np.nan])
def test_a_sparsity_is_a_share(sparsity):
    with pytest.raises(ValueError, match="from 0 to 1"):
        pruning.prune_by_magnitude(np.ones(3), sparsity)


def test_globally_the_smallest_of_all_layers_go():
    rng = np.random.default_rng(0)
    kernels = [rng.normal(size=(20, 30)).astype(np.float32), 0.1 * rng.normal(size=(3, 3, 4, 5)).astype(np.float32)]
    pruned = pruning.prune_globally(kernels, 0.5)
    assert [each.shape for each in pruned] == [(20, 30), (3, 3, 4, 5)] and pruned[1].dtype == np.float32
    assert pruning.sparsity_of(pruned) == 0.5
    assert pruning.sparsity_of(pruned[1:]) > 0.9 > 0.5 > pruning.sparsity_of(pruned[:1])
    gone = np.concatenate([np.abs(k[p == 0]) for k, p in zip(kernels, pruned, strict=True)])
    left = np.concatenate([np.abs(p[p != 0]) for p in pruned])
    assert gone.max() <= left.min()


def test_a_scan_prunes_one_layer_at_a_time():
    kernels = [np.arange(1.0, 11.0), np.arange(1.0, 5.0)]
    scores = pruning.sensitivity(kernels, [0.0, 0.5], lambda pruned: float(pruned[0].sum() + pruned[1].sum()))
    np.testing.assert_array_equal(scores, [[65, 50], [65, 62]])


def test_the_best_choice_of_sparsities_is_found_and_fits():
    sizes, levels, drops = [1000, 10], [0.0, 0.5, 0.9], [[0, 0.1, 0.3], [0, 2, 9]]
    assert pruning.sparsity_per_layer(sizes, levels, drops, 0.2) == [0.9, 0.0]
    assert pruning.sparsity_per_layer(sizes, levels, drops, 1.0) == [0.0, 0.0]
    with pytest.raises(ValueError, match=r"more than 0\.05"):
        pruning.sparsity_per_layer(sizes, levels, drops, 0.05)


def test_a_share_that_is_met_exactly_is_met():
    # 100 · (1 − 0.9) is 9.999999999999998, and 0.1 · 100 is 10.
    assert pruning.sparsity_per_layer([100], [0.9], [[1.0]], 0.1) == [0.9]


def test_sparsity_grows_as_in_the_paper():
    np.testing.assert_allclose(
        pruning.growing_sparsity([0, 10, 60, 110, 500], 0.8, 100, begin=10), [0, 0, 0.7, 0.8, 0.8]
    )
    assert pruning.growing_sparsity(0, 0.8, 100, initial=0.2) == pytest.approx(0.2)
    steps = pruning.growing_sparsity(np.arange(101), 0.9, 100)
    assert np.all(np.diff(steps) > 0) and np.all(np.diff(steps, 2) < 0)


def test_bytes_are_those_of_a_bit_each_and_of_what_stays():
    weights = np.r_[np.zeros(75), np.ones(25)]
    assert pruning.stored_bytes(weights) == 13 + 100 and pruning.stored_bytes(weights, 1) == 13 + 25
    assert pruning.stored_bytes(np.ones(100), 1) == 100
