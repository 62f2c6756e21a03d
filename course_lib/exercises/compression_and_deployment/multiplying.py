"""The exercise that multiplies int8 matrices with integers alone, and gets exactly what the real numbers would give."""

import numpy as np

from course_lib import quantization
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.compression_and_deployment.repairing import KIND, kind, named_like
from course_lib.exercises.returned import one_array


def probe_integer_product(integer_product, rng):
    inputs = rng.integers(-128, 128, size=(3, 5)).astype(np.int8)
    kernel = rng.integers(-128, 128, size=(5, 4)).astype(np.int8)
    square = rng.integers(-128, 128, size=(4, 4)).astype(np.int8)
    first, second = int(rng.integers(5, 60)), -int(rng.integers(5, 60))
    many = np.full((2, 300), 127, np.int8), np.full((300, 2), -128, np.int8)
    small = rng.integers(-3, 4, size=(2, 3)).astype(np.int8), rng.integers(-3, 4, size=(3, 2)).astype(np.int8)

    def of(*given):
        return one_array(integer_product(*given))

    yield Row("both zero points", lambda: of(inputs, first, kernel, second), weight=2.0, essential=True)
    yield "small numbers, zero points 1 and 2", lambda: of(small[0], 1, small[1], 2)
    yield Row("a kernel of zero point 0, as is usual", lambda: of(inputs, -128, kernel, 0), essential=True)
    yield "inputs of zero point 0", lambda: of(inputs, 0, kernel, second)
    yield Row("300 of the largest products", lambda: of(many[0], -128, many[1], 127), weight=2.0)
    yield "square matrices", lambda: of(square, second, square, first)
    yield KIND, lambda: kind(integer_product(inputs, first, kernel, second))


def faulty_integer_product(inputs, input_zero_point, kernel, kernel_zero_point=0, **made):
    first, second = input_zero_point, kernel_zero_point
    if "swapped" in made:
        first, second = second, first
    first = 0 if "none_of_inputs" in made or "no_zero_points" in made else first
    second = 0 if "none_of_kernel" in made or "no_zero_points" in made else second
    first, second = (-first, -second) if "added" in made else (first, second)
    for flag, dtype in {"in_int8": np.int8, "in_int16": np.int16}.items():
        if flag in made:
            with np.errstate(all="ignore"):
                return (inputs.astype(dtype) - dtype(first)) @ (kernel.astype(dtype) - dtype(second))
    if "raw_in_int8" in made:
        return inputs @ kernel
    raw = (inputs if "products_in_int8" in made else inputs.astype(np.int64)) @ kernel
    raw = raw.astype(np.int64)
    a, b = inputs.astype(np.int64) - first, kernel.astype(np.int64) - second
    if "differences_in_int8" in made:
        a, b = a.astype(np.int8).astype(np.int64), b.astype(np.int8).astype(np.int64)
    n = len(kernel)
    sums, columns = inputs.sum(axis=1, keepdims=True, dtype=np.int64), kernel.sum(axis=0, dtype=np.int64)
    total = a @ b
    if "products_in_int8" in made:
        total = raw - second * sums - first * columns + n * first * second
    if "without_the_last" in made:
        total = total - n * first * second
    if "last_once" in made:
        total = total - (n - 1) * first * second
    if "last_subtracted" in made:
        total = total - 2 * n * first * second
    if "off_again" in made:
        total = total - first * second
    if "off_the_sum" in made:
        total = raw - first * second
    if "times_n_off" in made:
        total = raw - n * first * second
    if "zero_point_of_inputs_added" in made:
        total = total + first
    if "clamped" in made:
        return np.clip(total, -128, 127).astype(np.int8)
    if "turned" in made:
        return total.T.astype(np.int32)
    return total.astype(np.int32)


def written_out(inputs, input_zero_point, kernel, kernel_zero_point=0):
    wide, kernel = np.asarray(inputs, np.int32), np.asarray(kernel, np.int32)
    corrections = kernel_zero_point * wide.sum(axis=1, keepdims=True) + input_zero_point * kernel.sum(axis=0)
    return (wide @ kernel - corrections + len(kernel) * input_zero_point * kernel_zero_point).astype(np.int32)


def in_a_loop(inputs, input_zero_point, kernel, kernel_zero_point=0):
    total = np.zeros((len(inputs), kernel.shape[1]), np.int32)
    for k in range(len(kernel)):
        one, other = inputs[:, k].astype(int) - input_zero_point, kernel[k].astype(int) - kernel_zero_point
        total += np.outer(one, other).astype(np.int32)
    return total


def products_one_by_one(inputs, input_zero_point, kernel, kernel_zero_point=0):
    """The matrices are multiplied place by place, with `*`.

    `@` is the product of matrices.
    """
    return (inputs.astype(np.int32) - input_zero_point) * (kernel.astype(np.int32) - kernel_zero_point)


def product_in_floats(inputs, input_zero_point, kernel, kernel_zero_point=0, constant="float64"):
    """The numbers are right, but floats, and integers alone are asked for.

    Make int32 of the matrices first, by `.astype(np.int32)`.
    """
    return faulty_integer_product(inputs, input_zero_point, kernel, kernel_zero_point).astype(constant)


def product_in_other_integers(inputs, input_zero_point, kernel, kernel_zero_point=0, constant="int64"):
    """The numbers are right, but no int32.

    `.astype(np.int32)` makes int32 of a matrix: enough for such sums, and what hardware sums in.
    """
    return faulty_integer_product(inputs, input_zero_point, kernel, kernel_zero_point).astype(constant)


WIDE = "Make int32 of the matrices first, by `.astype(np.int32)`."
FULL = "Subtract each zero point from its own matrix, and multiply then: Σ (q₁ − z₁)(q₂ − z₂)."
WRITTEN = "Written out, Σ (q₁ − z₁)(q₂ − z₂) has four parts: Σ q₁q₂ − z₂ Σ q₁ − z₁ Σ q₂ + n z₁z₂."

INTEGER_PRODUCT = Exercise(
    name="integer_product",
    kind="derive",
    minutes=12,
    level=2,
    reference=quantization.integer_product,
    probe=probe_integer_product,
    misconceptions=[
        *flags(
            faulty_integer_product,
            ("none_of_inputs", "none_of_kernel", "added", "swapped"),
            raw_in_int8=(
                "The int8 are multiplied as they are, without zero points, and the sums wrap around in int8.",
                f"{WIDE} {FULL}",
            ),
            in_int8=("The sums are int8, which holds no sum of products: they wrap around.", WIDE),
            in_int16=("The sums are those of int16, which wrap around beyond 32,767.", WIDE),
            differences_in_int8=(
                "The zero points are subtracted in int8, where 127 − (−128) wraps around to −1.",
                WIDE,
            ),
            products_in_int8=(
                "The corrections are right, but the products of the matrices are summed in int8 and wrap around.",
                WIDE,
            ),
            no_zero_points=("Neither zero point is used.", FULL),
            none_of_kernel=("The zero point of the kernel is not used.", FULL),
            none_of_inputs=("The zero point of the inputs is not used.", FULL),
            swapped=("The zero points are swapped: each is used as if it were the other one.", FULL),
            added=("The zero points are added to the matrices.", FULL),
            without_the_last=("The product of both zero points is missing in the sum.", WRITTEN),
            last_once=("The product of both zero points counts once, and not for each of the n products.", WRITTEN),
            last_subtracted=("The product of both zero points has the wrong sign.", WRITTEN),
            off_again=(
                "The zero points are subtracted from the matrices, and their product from the result besides.",
                FULL,
            ),
            off_the_sum=(
                "The product of the zero points is subtracted from the sum, and nothing else is done about them.",
                FULL,
            ),
            times_n_off=(
                "n times the product of the zero points is subtracted from the sum, and nothing else is done about "
                "them.",
                FULL,
            ),
            zero_point_of_inputs_added=(
                "A zero point is added to the result.",
                "The result is a sum of products, and 0 there stands for 0.",
            ),
            clamped=(
                "The sums are clamped to int8. They are far larger.",
                "Return int32: only after the sums have been scaled do they become int8 again.",
            ),
            turned=("Rows and columns of the result are swapped.", "inputs @ kernel has a row for each input."),
        ),
        Misconception.of(product_in_floats, constant=(KIND, named_like("float"))),
        Misconception.of(product_in_other_integers, constant=(KIND, named_like("int", "uint"))),
        products_one_by_one,
    ],
    equivalents=[written_out, in_a_loop],
    hints=[
        "What is `np.int8(127) - np.int8(-128)` as int8? In what kind of number do you subtract?",
        "r₁r₂ = scale₁ · scale₂ · (q₁ − z₁)(q₂ − z₂): which part of it is whole?",
    ],
)
