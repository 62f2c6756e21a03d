"""Log-count ratios by hand and against naive Bayes of scikit-learn; the gradient against slopes; that it learns."""

import numpy as np
import pytest
import scipy.sparse
from sklearn.naive_bayes import MultinomialNB

from course_lib import losses
from course_lib.naive_bayes import NaiveBayesLogistic, log_count_ratio
from course_lib.optimizers import SGD, Adam

RNG = np.random.default_rng(0)
LABELS = np.tile([1, 0, 0, 1, 1, 0], 30)
PRESENCE = (RNG.random((180, 12)) < np.where(LABELS[:, None] == 1, np.linspace(0.1, 0.9, 12), 0.4)).astype(float)


def test_the_ratio_is_the_one_worked_out_by_hand():
    presence = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 1]])  # two positive texts, a negative one
    expected = np.log([3 / 6, 2 / 6, 1 / 6]) - np.log([1 / 5, 2 / 5, 2 / 5])
    np.testing.assert_allclose(log_count_ratio(presence, [1, 1, 0]), expected)


@pytest.mark.parametrize("alpha", [0.1, 1.0, 3.0])
def test_the_ratio_is_that_of_naive_bayes(alpha):
    theirs = MultinomialNB(alpha=alpha).fit(PRESENCE, LABELS).feature_log_prob_
    for presence in (PRESENCE, scipy.sparse.csr_array(PRESENCE), scipy.sparse.csr_matrix(PRESENCE)):
        np.testing.assert_allclose(log_count_ratio(presence, LABELS, alpha), theirs[1] - theirs[0])


def test_the_gradient_is_the_slope():
    model = NaiveBayesLogistic(log_count_ratio(PRESENCE, LABELS), dtype="float64")
    model.weights[:], model.bias[:] = RNG.normal(size=12), 0.3
    for array, gradient in zip(
        [model.weights, model.bias], model.gradients(PRESENCE, LABELS, model.logits(PRESENCE)), strict=True
    ):
        for index in np.ndindex(array.shape):
            value, moved = array[index], []
            for nudge in (1e-6, -1e-6):
                array[index] = value + nudge
                moved.append(losses.binary_crossentropy(LABELS, model.logits(PRESENCE), from_logits=True))
            array[index] = value
            assert gradient[index] == pytest.approx((moved[0] - moved[1]) / 2e-6, rel=1e-5, abs=1e-9)


def test_sparse_rows_give_what_dense_ones_give():
    fits = []
    for presence in (PRESENCE, scipy.sparse.csr_array(PRESENCE)):
        model = NaiveBayesLogistic(log_count_ratio(presence, LABELS), dtype="float64")
        means = model.fit(presence, LABELS, Adam(0.1), batch_size=50, epochs=3, seed=4)
        fits.append([means, model.weights, model.predict(presence), model.contributions()])
    for dense, sparse in zip(*fits, strict=True):
        np.testing.assert_allclose(dense, sparse)


def test_it_learns_more_than_counting_knows():
    ratios = log_count_ratio(PRESENCE, LABELS)
    model = NaiveBayesLogistic(ratios)
    assert model.accuracy(PRESENCE, LABELS) == 0.5  # it begins without an opinion
    means = model.fit(PRESENCE, LABELS, Adam(0.05), batch_size=32, epochs=40, seed=0)
    assert means[-1] < means[0] < np.log(2)
    counted = np.mean((PRESENCE @ ratios > 0) == LABELS)
    assert model.accuracy(PRESENCE, LABELS) >= counted > 0.5
    again = NaiveBayesLogistic(ratios)
    again.fit(PRESENCE, LABELS, Adam(0.05), batch_size=32, epochs=40, seed=0)
    np.testing.assert_array_equal(again.weights, model.weights)


def test_what_cannot_be_is_said():
    with pytest.raises(ValueError, match="alpha must be"):
        log_count_ratio(PRESENCE, LABELS, alpha=0)
    with pytest.raises(ValueError, match="both classes"):
        log_count_ratio(PRESENCE, np.ones(180))
    with pytest.raises(ValueError, match="180 texts need as many labels"):
        log_count_ratio(PRESENCE, LABELS[:, None])
    with pytest.raises(ValueError, match="labels are 0"):
        log_count_ratio(PRESENCE, LABELS + 1)
    model = NaiveBayesLogistic(np.ones(3))
    with pytest.raises(ValueError, match="knows 3 features"):
        model.predict(PRESENCE)
    with pytest.raises(ValueError, match="batch_size"):
        model.fit(PRESENCE[:, :3], LABELS, SGD(), batch_size=0)
