"""Naive Bayes features with learned weights: a linear classifier of texts that begins with what counting knows.

    ratios = log_count_ratio(presence, labels)                       what an n-gram says about the class, by counting
    model = NaiveBayesLogistic(ratios)                               how much of it to believe, by learning
    model.fit(presence, labels, Adam(0.01))

`presence` is a matrix (texts, features) of 0 and 1 (see `ngrams.Ngrams`): a SciPy sparse one, or an array. Weights and
the optimizer's state are dense, one number for each feature.

Reference: Wang and Manning (2012), "Baselines and bigrams: simple, good sentiment and topic classification", §2.
"""

import numpy as np

from course_lib import losses
from course_lib.activations import sigmoid


def log_count_ratio(presence, labels, alpha=1.0):
    """How much more often each feature occurs in one class than in the other, as a logarithm.

        p = α + Σ_{y = 1} presence       q = α + Σ_{y = 0} presence       r = log((p / Σp) / (q / Σq))

    p counts for each feature the positive texts that have it, q the negative ones; Σp and Σq sum over the features. α
    is added to each, so that what never occurs in a class does not have the logarithm of 0. r is 0 for a feature that
    says nothing, log 2 for one that has twice the share in positive texts.

    Args:
        presence: matrix (texts, features) of 0 and 1, sparse or not.
        labels: array (texts,) of 0 and 1.
        alpha: float > 0, the smoothing.
    Returns:
        float array (features,).
    Raises:
        ValueError: `alpha` is not positive, the labels do not fit, or one class has no text.
    """
    if not 0 < alpha < np.inf:
        raise ValueError(f"alpha must be finite and > 0, not {alpha}: without it an unseen feature has the ratio log 0")
    labels = _checked_labels(presence, labels)
    if labels.all() or not labels.any():
        raise ValueError("a ratio needs texts of both classes")
    positive = alpha + presence.T @ labels
    negative = alpha + presence.T @ (1 - labels)
    return np.log(positive / positive.sum()) - np.log(negative / negative.sum())


class NaiveBayesLogistic:
    """Logistic regression on features that are scaled by their log-count ratios.

        z = x (r ⊙ w) + b        P(positive) = σ(z)        L = mean over texts of log(1 + eᶻ) − y z

        ∂L/∂w = r ⊙ xᵀ dz        ∂L/∂b = Σ dz              with dz = (σ(z) − y) / n

    r stays as it was counted, w and b are learned. Where all w are 1 this is naive Bayes. They start at 0: a rare
    n-gram with a large ratio has to earn its weight.

    Args:
        ratios: array (features,), from `log_count_ratio`.
        dtype: float32 or float64, of weights and computation.

    Attributes:
        weights: array w (features,).
        bias: array b (1,).
    """

    def __init__(self, ratios, dtype="float32"):
        self.ratios = np.asarray(ratios, dtype)
        self.weights = np.zeros_like(self.ratios)
        self.bias = np.zeros(1, dtype)

    def logits(self, x):
        """Return z, (texts,), for a matrix (texts, features)."""
        if x.shape[1] != len(self.ratios):
            raise ValueError(f"the model knows {len(self.ratios):,} features, and these texts have {x.shape[1]:,}")
        return x @ self.contributions() + self.bias

    def predict(self, x):
        """Return the probability that each text is positive, (texts,)."""
        return sigmoid(self.logits(x))

    def contributions(self):
        """Return r ⊙ w, (features,): what the presence of each feature adds to the logit."""
        return self.ratios * self.weights

    def gradients(self, x, y, logits):
        """Return [∂L/∂w, ∂L/∂b] on a batch that has these logits."""
        upstream = losses.binary_crossentropy_gradient(y, logits, from_logits=True)
        return [self.ratios * (x.T @ upstream), upstream.sum(keepdims=True)]

    def fit(self, x, y, optimizer, batch_size=512, epochs=1, seed=None):
        """Train for `epochs` passes over the texts, in a new random order each time.

        Args:
            x: matrix (texts, features) of 0 and 1; a sparse one in CSR form, of which rows can be taken.
            y: array (texts,) of 0 and 1.
            optimizer: an `optimizers.Optimizer`, for this model alone.
            batch_size: int ≥ 1.
            epochs: int ≥ 0.
            seed: int, for the order; None for another every time.
        Returns:
            the mean loss of each epoch, of the weights of the moment.
        Raises:
            ValueError: the labels do not fit, or `batch_size` is below 1.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size must be ≥ 1, not {batch_size}")
        y = _checked_labels(x, y).astype(self.ratios.dtype)
        rng = np.random.default_rng(seed)
        means = []
        for _ in range(epochs):
            order = rng.permutation(len(y))
            total = 0.0
            for start in range(0, len(y), batch_size):
                chosen = order[start : start + batch_size]
                rows, labels = x[chosen], y[chosen]
                logits = self.logits(rows)
                total += losses.binary_crossentropy(labels, logits, from_logits=True) * len(chosen)
                optimizer.step_in_place([self.weights, self.bias], self.gradients(rows, labels, logits))
            means.append(float(total / len(y)))
        return means

    def accuracy(self, x, y):
        """The share of texts whose more probable class is the true one."""
        return float(np.mean((self.logits(x) > 0) == (_checked_labels(x, y) == 1)))


def _checked_labels(x, labels):
    labels = np.asarray(labels)
    if labels.shape != (x.shape[0],):
        raise ValueError(f"{x.shape[0]:,} texts need as many labels, not an array of shape {labels.shape}")
    if not np.isin(labels, (0, 1)).all():
        raise ValueError("labels are 0 for a negative and 1 for a positive text")
    return labels.astype(float)
