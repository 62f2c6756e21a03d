"""`truncated_normal` and `orthogonal` as people write them."""

import math

import numpy as np

from tests.exercises.initialization.bank import right, wrong

# --- truncated_normal


@right("truncated_normal")
def redrawn_in_place(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=shape)
    far = np.abs(z) > 2
    while far.any():
        z[far] = rng.normal(size=far.sum())
        far = np.abs(z) > 2
    return (mean + stddev * z).astype(dtype)


@right("truncated_normal")
def one_after_the_other(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    import random

    source, kept = random.Random(seed), []
    while len(kept) < math.prod(shape):
        z = source.gauss(0, 1)
        if abs(z) <= 2:
            kept.append(mean + stddev * z)
    return np.array(kept, dtype).reshape(shape)


@right("truncated_normal")
def from_three_times_as_many(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    size = int(np.prod(shape))
    z = np.random.RandomState(seed).normal(mean, stddev, 3 * size + 100)
    return z[np.abs(z - mean) < 2 * stddev][:size].reshape(shape).astype(dtype)


@right("truncated_normal")
def by_scipy(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    from scipy.stats import truncnorm

    return truncnorm.rvs(-2, 2, loc=mean, scale=stddev, size=shape, random_state=seed).astype(dtype)


@right("truncated_normal")
def by_keras(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    import keras

    return keras.random.truncated_normal(shape, mean=mean, stddev=stddev, seed=seed, dtype=dtype)


@wrong("truncated_normal", "clip|pile|edge|limit")
def clipped(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    draws = np.random.default_rng(seed).normal(mean, stddev, shape)
    return np.clip(draws, mean - 2 * stddev, mean + 2 * stddev).astype(dtype)


@wrong("truncated_normal", "once|again|outside|second draw")
def redrawn_once(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    rng = np.random.default_rng(seed)
    z = rng.normal(mean, stddev, shape)
    z = np.where(np.abs(z - mean) > 2 * stddev, rng.normal(mean, stddev, shape), z)
    return z.astype(dtype)


@wrong("truncated_normal", "cut|outside|plain|truncated|again")
def not_truncated(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    return np.random.default_rng(seed).normal(mean, stddev, shape).astype(dtype)


@wrong("truncated_normal", "shape|fewer|drop|left out")
def dropped(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    z = np.random.default_rng(seed).normal(mean, stddev, shape)
    return z[np.abs(z - mean) <= 2 * stddev].astype(dtype)


@wrong("truncated_normal", "0 in|zero|mean")
def replaced_by_zero(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    z = np.random.default_rng(seed).normal(0, 1, shape)
    z[np.abs(z) > 2] = 0
    return (mean + stddev * z).astype(dtype)


@wrong("truncated_normal", "three|3|too far|two|limit|elsewhere|other")
def cut_at_three(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=shape)
    while (far := np.abs(z) > 3).any():
        z[far] = rng.normal(size=far.sum())
    return (mean + stddev * z).astype(dtype)


@wrong("truncated_normal", "one|two|limit|elsewhere|other")
def cut_at_one(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=shape)
    while (far := np.abs(z) > 1).any():
        z[far] = rng.normal(size=far.sum())
    return (mean + stddev * z).astype(dtype)


@wrong("truncated_normal", "correct|0.88|made up|widen")
def corrected(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=shape)
    while (far := np.abs(z) > 2).any():
        z[far] = rng.normal(size=far.sum())
    return (mean + stddev / 0.87962566 * z).astype(dtype)


@wrong("truncated_normal", "one side|above|left|abs|negative|below")
def cut_on_the_right_only(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=shape)
    while (far := z > 2).any():
        z[far] = rng.normal(size=far.sum())
    return (mean + stddev * z).astype(dtype)


@wrong("truncated_normal", "mean")
def mean_forgotten(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=shape)
    while (far := np.abs(z) > 2).any():
        z[far] = rng.normal(size=far.sum())
    return (stddev * z).astype(dtype)


@wrong("truncated_normal", "two deviations|stddev|absolute|number 2|limit|cut")
def cut_at_the_number_two(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    rng = np.random.default_rng(seed)
    z = rng.normal(mean, stddev, shape)
    while (far := np.abs(z) > 2).any():
        z[far] = rng.normal(mean, stddev, far.sum())
    return z.astype(dtype)


@wrong("truncated_normal", "around 0|mean|moved|shift")
def cut_around_zero(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    rng = np.random.default_rng(seed)
    z = rng.normal(mean, stddev, shape)
    for _ in range(2000):
        far = np.abs(z) > 2 * stddev
        if not far.any():
            break
        z[far] = rng.normal(mean, stddev, far.sum())
    return z.astype(dtype)


@wrong("truncated_normal", "seed|time|end|loop")
def reseeded_each_time(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    z = np.random.default_rng(seed).normal(size=shape)
    while (far := np.abs(z) > 2).any():
        z = np.where(far, np.random.default_rng(seed).normal(size=shape), z)
    return (mean + stddev * z).astype(dtype)


@wrong("truncated_normal", "uniform|even|bell")
def uniform_between_the_limits(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    return np.random.default_rng(seed).uniform(mean - 2 * stddev, mean + 2 * stddev, shape).astype(dtype)


@wrong("truncated_normal", "seed")
def truncated_without_seed(shape, seed=None, dtype="float32", mean=0.0, stddev=0.05):
    z = np.random.randn(*shape)
    while (far := np.abs(z) > 2).any():
        z[far] = np.random.randn(far.sum())
    return (mean + stddev * z).astype(dtype)


# --- orthogonal


def square_part(shape):
    return math.prod(shape[:-1]), shape[-1]


@right("orthogonal")
def by_svd(shape, seed=None, dtype="float32", gain=1.0):
    a = np.random.default_rng(seed).normal(size=square_part(shape))
    u, _, v = np.linalg.svd(a, full_matrices=False)
    q = u if u.shape == a.shape else v
    return (gain * q.reshape(shape)).astype(dtype)


@right("orthogonal")
def qr_without_signs(shape, seed=None, dtype="float32", gain=1.0):
    rows, columns = square_part(shape)
    a = np.random.RandomState(seed).randn(rows, columns)
    q = np.linalg.qr(a)[0] if rows >= columns else np.linalg.qr(a.T)[0].T
    return gain * q.reshape(shape).astype(dtype)


@right("orthogonal")
def gram_schmidt(shape, seed=None, dtype="float32", gain=1.0):
    rows, columns = square_part(shape)
    rng = np.random.default_rng(seed)
    done = []
    for _ in range(min(rows, columns)):
        v = rng.normal(size=max(rows, columns))
        for _ in range(2):
            for u in done:
                v = v - (u @ v) * u
        done.append(v / np.linalg.norm(v))
    q = np.array(done)
    return gain * (q if rows < columns else q.T).reshape(shape).astype(dtype)


@right("orthogonal")
def orthogonal_of_keras(shape, seed=None, dtype="float32", gain=1.0):
    import keras

    return keras.initializers.Orthogonal(gain, seed)(shape, dtype)


@right("orthogonal")
def by_scipy_ortho_group(shape, seed=None, dtype="float32", gain=1.0):
    from scipy.stats import ortho_group

    rows, columns = square_part(shape)
    if max(rows, columns) == 1:
        return np.full(shape, gain, dtype)
    q = ortho_group.rvs(max(rows, columns), random_state=seed)[:rows, :columns]
    return (gain * q).reshape(shape).astype(dtype)


@wrong("orthogonal", "many small matrices.*too few columns")
def qr_of_the_whole_shape(shape, seed=None, dtype="float32", gain=1.0):
    q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=shape))
    return (gain * q).astype(dtype)


@wrong("orthogonal", "perpendicular|length|random|not orthogonal")
def scaled_normal(shape, seed=None, dtype="float32", gain=1.0):
    rows, _ = square_part(shape)
    return (gain * np.random.default_rng(seed).normal(0, 1 / np.sqrt(rows), shape)).astype(dtype)


@wrong("orthogonal", "perpendicular")
def columns_of_length_one(shape, seed=None, dtype="float32", gain=1.0):
    a = np.random.default_rng(seed).normal(size=shape)
    return (gain * a / np.linalg.norm(a, axis=0)).astype(dtype)


@wrong("orthogonal", "wide|shape|more columns|columns than rows")
def fails_when_wide(shape, seed=None, dtype="float32", gain=1.0):
    q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=square_part(shape)))
    return (gain * q).astype(dtype).reshape(shape)


@wrong("orthogonal", "gain")
def no_gain(shape, seed=None, dtype="float32", gain=1.0):
    a = np.random.default_rng(seed).normal(size=square_part(shape))
    u, _, v = np.linalg.svd(a, full_matrices=False)
    return (u if u.shape == a.shape else v).reshape(shape).astype(dtype)


@wrong("orthogonal", "R|triang")
def the_triangle(shape, seed=None, dtype="float32", gain=1.0):
    rows, columns = square_part(shape)
    _, r = np.linalg.qr(np.random.default_rng(seed).normal(size=(rows, rows)))
    return (gain * r[:, :columns]).reshape(shape).astype(dtype) if columns <= rows else None


@wrong("orthogonal", "identity|eye|seed")
def identity(shape, seed=None, dtype="float32", gain=1.0):
    return (gain * np.eye(*square_part(shape))).reshape(shape).astype(dtype)


@wrong("orthogonal", "gain.*(square|root|twice)")
def gain_squared(shape, seed=None, dtype="float32", gain=1.0):
    a = np.random.default_rng(seed).normal(size=square_part(shape))
    u, _, v = np.linalg.svd(a, full_matrices=False)
    return (gain**2 * (u if u.shape == a.shape else v)).reshape(shape).astype(dtype)


@wrong("orthogonal", "two axes|convolution|axes|window")
def two_axes_only(shape, seed=None, dtype="float32", gain=1.0):
    a = np.random.default_rng(seed).normal(size=shape)
    u, _, v = np.linalg.svd(a, full_matrices=False)
    return (gain * (u if u.shape == a.shape else v)).astype(dtype)


@wrong("orthogonal", "seed")
def orthogonal_without_seed(shape, seed=None, dtype="float32", gain=1.0):
    a = np.random.normal(size=square_part(shape))
    u, _, v = np.linalg.svd(a, full_matrices=False)
    return (gain * (u if u.shape == a.shape else v)).reshape(shape).astype(dtype)


@wrong("orthogonal", "uniform|perpendicular|even|length")
def of_uniform_numbers(shape, seed=None, dtype="float32", gain=1.0):
    return (gain * np.random.default_rng(seed).uniform(-1, 1, shape)).astype(dtype)


@wrong("orthogonal", "first|axis|convolution|reshape|window|flatten")
def flattened_at_the_first_axis(shape, seed=None, dtype="float32", gain=1.0):
    a = np.random.default_rng(seed).normal(size=(shape[0], math.prod(shape[1:])))
    u, _, v = np.linalg.svd(a, full_matrices=False)
    return (gain * (u if u.shape == a.shape else v)).reshape(shape).astype(dtype)


@wrong("orthogonal", "tuple|pair|both|two")
def q_and_r(shape, seed=None, dtype="float32", gain=1.0):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=square_part(shape)))
