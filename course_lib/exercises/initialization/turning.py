"""The exercise on orthogonal kernels: matrices that turn a signal and keep its length."""

import math

import numpy as np

from course_lib import initializers
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Matrix
from course_lib.exercises.initialization.looking import (
    COMMON,
    kept,
    numbers,
    rows_of_a_draw,
    with_shape_as_one_number,
)
from course_lib.exercises.returned import one_array

LENGTH = "with gain=1.5: how long the columns of a tall kernel are"
RANDOM_LENGTHS = "they differ in length"
BOTH_SIGNS = "do the weights of a square kernel lie on both sides of 0?"


def length_of(kernel, axis):
    """Return the one length that all columns (axis 0) or rows (1) have, or words."""
    lengths = np.linalg.norm(kernel, axis=axis)
    return float(lengths.mean()) if np.ptp(lengths) <= 1e-4 * lengths.max() else RANDOM_LENGTHS


def are_perpendicular(kernel):
    """Return in words whether the columns, or the rows where there are fewer of them, are perpendicular."""
    rows, columns = kernel.shape
    products = kernel.T @ kernel if rows >= columns else kernel @ kernel.T
    beside = np.abs(products - np.diag(np.diag(products))).max()
    if beside <= 1e-4 * np.abs(products).max():
        return "yes, and each has one number that is not 0" if np.count_nonzero(kernel) == min(rows, columns) else "yes"
    if np.all(np.ptp(kernel, axis=1) == 0):
        return "no, they are all the same"
    return "no, it is a triangle" if not np.any(np.tril(kernel, -1)) else "no"


def of_shape(kernel, shape):
    if kernel.shape != shape:
        raise ValueError(f"the kernel has the shape {kernel.shape}, not {shape}")
    return kernel.reshape(-1, shape[-1])


def probe_orthogonal(orthogonal, rng):
    seeds = [int(seed) for seed in rng.integers(1, 10**6, size=2)]

    @kept
    def matrix(shape, gain):
        return of_shape(numbers(orthogonal(shape, seeds[0], "float64", gain)), shape)

    tall, wide, square, window = (30, 20), (20, 30), (25, 25), (3, 3, 4, 10)
    yield Row(
        "are the columns of a tall kernel (30, 20) perpendicular?",
        lambda: are_perpendicular(matrix(tall, 1.0)),
        essential=True,
    )
    yield Row("how long they are", lambda: length_of(matrix(tall, 1.0), 0), relative_tolerance=1e-4)
    yield Row(
        "are the rows of a wide kernel (20, 30) perpendicular?", lambda: are_perpendicular(matrix(wide, 1.0)), weight=2
    )
    yield Row("how long the rows are", lambda: length_of(matrix(wide, 1.0), 1), relative_tolerance=1e-4)
    yield "are the columns of a square kernel perpendicular?", lambda: are_perpendicular(matrix(square, 1.0))
    yield BOTH_SIGNS, lambda: "yes" if matrix(square, 1.0).min() < 0 < matrix(square, 1.0).max() else "no"
    yield Row(LENGTH, lambda: length_of(matrix(tall, 1.5), 0), relative_tolerance=1e-4)
    yield Row(
        "how long they are where no gain is given",
        lambda: length_of(of_shape(numbers(orthogonal(tall, seeds[0], "float64")), tall), 0),
        relative_tolerance=1e-4,
    )
    yield Row(
        "a convolution's kernel (3, 3, 4, 10), as 36 rows: are the columns perpendicular?",
        lambda: are_perpendicular(matrix(window, 1.0)),
    )
    # Small kernels: several threads share the work on large ones, which takes long where they wait for a core.
    yield from rows_of_a_draw(orthogonal, seeds, dense=tall)


def turned(rows, columns, rng):
    """Return a matrix with perpendicular columns, or rows where it is wide, of length 1."""
    q, _ = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))
    return q.T if rows < columns else q


def faulty_orthogonal(shape, seed=None, dtype="float32", gain=1.0, **made):
    rng = np.random.default_rng(None if "unseeded" in made else 42 if "one_seed" in made else seed)
    shape = shape[::-1] if "transposed" in made else shape
    gains = {"without_gain": 1.0, "gain_squared": gain**2, "gain_rooted": math.sqrt(gain), "gain_below": 1 / gain}
    gain = gains.get(next((name for name in made if "gain" in name), ""), gain)
    rows, columns = math.prod(shape[:-1]), shape[-1]
    if "first_axis" in made:
        rows, columns = shape[0], math.prod(shape[1:])
    if "random" in made:
        kernel = rng.standard_normal((rows, columns)) / math.sqrt(rows)
    elif "normed" in made:
        kernel = rng.standard_normal((rows, columns))
        kernel /= np.linalg.norm(kernel, axis=0)
    elif "normed_either_way" in made:
        kernel = rng.standard_normal((rows, columns))
        kernel /= np.linalg.norm(kernel, axis=1 if rows < columns else 0, keepdims=True)
    elif "signs" in made:
        kernel = np.sign(rng.standard_normal((rows, columns)))
    elif "triangle" in made:
        kernel = np.linalg.qr(rng.standard_normal((max(rows, columns),) * 2))[1][:rows, :columns]
    elif "identity" in made:
        kernel = np.eye(rows, columns)
    elif "tall_only" in made:
        kernel = np.linalg.qr(rng.standard_normal((rows, columns)))[0]
    elif "wide_lost" in made:
        return (gain * np.linalg.qr(rng.standard_normal((rows, columns)))[0]).astype(dtype)
    elif "stacked" in made:
        return (gain * np.linalg.qr(rng.standard_normal(shape))[0]).astype(dtype)
    else:
        kernel = turned(rows, columns, rng)
    if "times_the_root" in made:
        kernel = kernel * math.sqrt(rows)
    if "whole_length" in made:
        kernel = kernel / np.linalg.norm(kernel)
    if ("reshaped" in made and rows < columns) or ("turned_always" in made and rows > columns):
        kernel = kernel.T.reshape(rows, columns)
    if "one_row" in made:
        kernel = np.repeat(kernel[:, :1], columns, axis=1)
    kernel = gain * (np.abs(kernel) if "positive" in made else kernel).reshape(shape)
    dtype = "float64" if "float64" in made else "float32" if "float32" in made else dtype
    return kernel.astype(dtype)


def orthogonal_with_its_triangle(shape, seed=None, dtype="float32", gain=1.0):
    """A tuple comes back, say the pair of Q and R that `np.linalg.qr` gives.

    Return the one array asked for: `q, _ = np.linalg.qr(…)`.
    """
    return np.linalg.qr(np.random.default_rng(seed).standard_normal(shape[-2:])), None


def orthogonal(shape, seed=None, dtype="float32", gain=1.0):
    """Return a kernel whose columns (or, where it is wide, rows) are perpendicular and `gain` long."""
    rows, columns = math.prod(shape[:-1]), shape[-1]
    draws = np.random.default_rng(seed).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(draws)
    q = q * np.sign(np.diag(r))  # so that every such matrix is equally likely; without it you pass, too
    return (gain * (q.T if rows < columns else q)).reshape(shape).astype(dtype)


def by_svd(shape, seed=None, dtype="float32", gain=1.0):
    draws = np.random.RandomState(seed).randn(math.prod(shape[:-1]), shape[-1])
    left, _, right = np.linalg.svd(draws, full_matrices=False)
    return (gain * (left if left.shape == draws.shape else right).reshape(shape)).astype(dtype)


def one_vector_after_the_other(shape, seed=None, dtype="float32", gain=1.0):
    rows, columns = math.prod(shape[:-1]), shape[-1]
    rng, done = np.random.default_rng(seed), []
    while len(done) < min(rows, columns):
        vector = rng.standard_normal(max(rows, columns))
        for other in done + done:  # twice, for rounding
            vector = vector - (vector @ other) * other
        done.append(vector / np.linalg.norm(vector))
    kernel = np.array(done) if rows < columns else np.array(done).T
    return (gain * kernel.reshape(shape)).astype(dtype)


def scene_orthogonal(orthogonal):
    """Products of each two columns of a tall kernel, and of each two rows of a wide one: gain² or, beside it, 0."""
    tall, wide = (one_array(orthogonal(shape, 3, "float64", 2.0)).astype(float) for shape in ((10, 6), (6, 10)))
    if tall.shape != (10, 6) or wide.shape != (6, 10):
        return None
    products = np.round(np.hstack([tall.T @ tall, wide @ wide.T]), 2) + 0.0
    return Matrix(products, xlabel="columns of (10, 6), rows of (6, 10)", ylabel="products, gain 2")


ORTHOGONAL = Exercise(
    name="orthogonal",
    kind="derive",
    minutes=12,
    level=3,
    reference=initializers.orthogonal,
    solution=orthogonal,
    probe=probe_orthogonal,
    scene=scene_orthogonal,
    misconceptions=[
        *flags(
            faulty_orthogonal,
            random=(
                "The columns are random: they are not perpendicular, and their lengths differ.",
                "Take a matrix of random numbers apart, with `np.linalg.qr` or `np.linalg.svd`: one factor is "
                "orthogonal.",
            ),
            normed=(
                "Each column has length 1, but they are not perpendicular to each other.",
                "Take off each column what it has in common with those before: `np.linalg.qr` does so.",
            ),
            normed_either_way=(
                "Each column, or where the kernel is wide each row, has length 1, but they are not perpendicular.",
                "Take off each what it has in common with those before: `np.linalg.qr` does so.",
            ),
            signs=(
                "All numbers are 1 or −1, so the columns are equally long, but neither of length 1 nor perpendicular.",
                "`np.linalg.qr` makes perpendicular columns of random numbers.",
            ),
            triangle=(
                "This is R, the triangular factor of the QR decomposition; Q is the orthogonal one.",
                "`q, r = np.linalg.qr(a)`: take the first.",
            ),
            identity=(
                "The identity is orthogonal, but it is the same for every seed, and it mixes nothing.",
                "Start from random numbers, and make their columns perpendicular.",
            ),
            tall_only=(
                "A kernel with more columns than rows goes wrong: 30 columns cannot be perpendicular in 20 "
                "dimensions, and `np.linalg.qr` gives 20 of them.",
                "Where the kernel is wide, make the transposed one and transpose it.",
            ),
            wide_lost=(
                "A kernel with more columns than rows has too few columns, and a convolution's kernel only two axes.",
                "Where the kernel is wide, make the transposed one and transpose it, and `reshape` to `shape` at the "
                "end.",
            ),
            stacked=(
                "`np.linalg.qr` takes the last two axes of an array with four axes for many small matrices, and of a "
                "kernel with more columns than rows it gives too few columns.",
                "Make one matrix of (height · width · inputs) rows first. Where it is wide, make the transposed one "
                "and transpose it. At the end `reshape` the result to `shape`.",
            ),
            first_axis=(
                "A convolution's kernel is not one matrix of (height · width · inputs) rows here, so its columns, one "
                "for each unit, are not perpendicular.",
                "Keep the last axis, the units, as columns, and make rows of all the others.",
            ),
            without_gain=("`gain` is ignored: the columns have length 1.", "Multiply by `gain`."),
            gain_squared=("The columns are gain² long: the gain was taken twice.", "Multiply once by `gain`."),
            gain_rooted=("The columns are √gain long.", "Multiply by `gain` itself: it is a length."),
            gain_below=("The columns are 1 / gain long: you divide by `gain`.", "Multiply by `gain`: it is a length."),
            times_the_root=(
                "Columns and rows are longer than 1 by a factor of the root of the number of rows.",
                "The columns of `q` have length 1 already: nothing but `gain` stands before them.",
            ),
            whole_length=(
                "The kernel is divided by the length of all its numbers together, so its columns are too short.",
                "Each column by itself is to have length 1, and those of `q` have it.",
            ),
            reshaped=(
                "A kernel with more columns than rows is made of a tall one by `reshape`, which mixes its numbers: the "
                "rows are not perpendicular.",
                "Transpose it, `q.T`: that makes rows of its columns.",
            ),
            turned_always=(
                "The transposed `q` is brought into the kernel's shape, also where that is tall: `reshape` mixes its "
                "numbers, and the columns are not perpendicular.",
                "Transpose only where the kernel has more columns than rows.",
            ),
            **{name: told for name, told in COMMON.items() if name not in ("with_bias", "flat")},
        ),
        orthogonal_with_its_triangle,
        Misconception.of(with_shape_as_one_number),
    ],
    equivalents=[by_svd, one_vector_after_the_other, orthogonal],
    hints=[
        "`q, r = np.linalg.qr(a)` takes a matrix of random numbers apart. The columns of `q` are perpendicular and "
        "have length 1.",
        "A matrix with more columns than rows cannot have perpendicular columns. Its transposed one can.",
        "A convolution's kernel is one matrix first: how many rows has it, if its columns are the units? `reshape` "
        "gives it its shape at the end.",
    ],
)
