"""The exercise whose answer is a test: does a function sum all ranks' arrays, on every rank?"""

import numpy as np

from course_lib.checking.examiner import examiner
from course_lib.checking.exercise import flags
from course_lib.collectives import ring_all_reduce, tree_all_reduce
from course_lib.ranks import run


def all_reduce(values):
    """Return the sum of all `values`, a list of arrays (length,), once for each of them."""
    return [np.sum(values, axis=0) for _ in values]


def by_a_ring(values):
    return run(ring_all_reduce, values).results


def by_a_tree(values):
    return run(tree_all_reduce, values).results


def from_the_last(values):
    total = 0
    for value in values[::-1]:
        total = total + value
    return [total.copy() for _ in values]


def faulty_all_reduce(values, **made):
    size, length = len(values), len(values[0])
    total = np.sum(values, axis=0)
    cut = length // size * size
    power = 1 << (size.bit_length() - 1)
    results = []
    for rank, value in enumerate(values):
        chunk = np.array_split(np.arange(length), size)[rank]
        result = {
            "mean": total / size,
            "at_rank_0_alone": total if rank == 0 else value,
            "own_left_out": total - value,
            "own_twice": total + value,
            "own_alone": value * size,
            "last_missing": total - values[-1] if size > 1 else total,
            "rank_0s": values[0],
            "neighbors": value + values[rank - 1] if size > 1 else value,
            "largest": np.max(values, axis=0),
            "rest_dropped": np.append(total[:cut], value[cut:]),
            "rest_cut_off": total[:cut],
            "powers_of_two": np.sum(values[:power], axis=0),
            "reversed": total[::-1],
            "one_number": np.full(length, np.sum(total)),
            "last_rank_not_told": value if rank == size - 1 and size > 2 else total,
            "own_chunk": np.where(np.isin(np.arange(length), chunk), total, value),
        }
        results.append(next((result[flag] for flag in result if flag in made), total))
    return results


SLIPS = dict(
    mean="It gives the mean, not the sum.",
    at_rank_0_alone="Rank 0 alone has the sum, the others keep their own.",
    own_left_out="Each rank sums what the others have, without its own.",
    own_twice="Each rank counts its own array twice.",
    own_alone="Each rank multiplies its own array by the number of ranks.",
    last_missing="The last rank's array is in no sum.",
    rank_0s="All get rank 0's array: a broadcast.",
    neighbors="Each rank sums its own array and its neighbor's.",
    largest="It gives the largest numbers, not the sums.",
    rest_dropped="Where the length is no multiple of the number of ranks, what is left over at the end is not summed.",
    rest_cut_off="Where the length is no multiple of the number of ranks, what is left over at the end is missing.",
    powers_of_two="Where the number of ranks is no power of two, those beyond the last one are not summed.",
    reversed="It gives the sums in reversed order.",
    one_number="It sums over the numbers of an array, too.",
    last_rank_not_told="Where there are more than two ranks, the last one keeps its own array.",
    own_chunk="Each rank has one chunk summed, and the rest is its own: the first half of a ring.",
)
WRONG = flags(faulty_all_reduce, **{flag: (cause, "Compare it with a sum.") for flag, cause in SLIPS.items()})


def _cases(sizes, lengths, drawn=None):
    rng = np.random.default_rng(0)
    drawn = drawn or rng.normal
    return [[drawn(size=length) for _ in range(size)] for size in sizes for length in lengths]


ALL = _cases((1, 2, 3, 4, 6), (1, 7, 12))


def _right_sums(results, values):
    return len(results) == len(values) and all(
        np.shape(result) == np.shape(values[0]) and np.allclose(result, np.sum(values, axis=0)) for result in results
    )


def is_all_reduce(all_reduce):
    """Return whether every rank gets the sum, for one to six ranks, and lengths that they divide or do not divide."""
    return all(_right_sums(all_reduce(values), values) for values in ALL)


def by_assertions(all_reduce):
    for values in ALL:
        for result in all_reduce(values):
            np.testing.assert_allclose(result, sum(values), atol=1e-9)
    return True


def by_powers_of_ten(all_reduce):
    """Each rank's numbers are a power of ten and a half, times 1, 2, 3 …, so that every slip shows."""
    for size in range(1, 8):
        for length in (2, 7, 12):
            values = [10.5**rank * (1 + np.arange(length)) for rank in range(size)]
            if not _right_sums(all_reduce(values), values):
                return False
    return True


def with_two_ranks(all_reduce):
    """You try two ranks alone: what goes wrong with more of them slips through.

    Try three, four and six ranks as well.
    """
    return all(_right_sums(all_reduce(values), values) for values in _cases((2,), (1, 7, 12)))


def with_powers_of_two(all_reduce):
    """You try two, four or eight ranks alone, so what goes wrong with three or six of them slips through.

    Try a number of ranks that is no power of two.
    """
    return all(_right_sums(all_reduce(values), values) for values in _cases((1, 2, 4, 8), (1, 7, 12)))


def with_even_lengths(all_reduce):
    """All your lengths are multiples of the number of ranks: what is done with a rest slips through.

    Try four ranks and seven numbers.
    """
    return all(_right_sums(all_reduce(values), values) for values in _cases((1, 2, 3, 4, 6), (12,)))


def with_powers_and_even_lengths(all_reduce):
    """You try numbers of ranks that are powers of two, and lengths that they divide: other cases slip through.

    Try three ranks and seven numbers.
    """
    return all(_right_sums(all_reduce(values), values) for values in _cases((1, 2, 4), (8,)))


def at_one_case(all_reduce):
    """You try a single case of two ranks and even lengths, and what goes wrong elsewhere slips through.

    Try one to six ranks, and lengths that they divide or do not divide.
    """
    return all(_right_sums(all_reduce(values), values) for values in _cases((2,), (2,)))


def with_equal_numbers(all_reduce):
    """All ranks have the same numbers: nobody can tell then which of them are in the sum.

    Give each rank other numbers, and each place of an array too: drawn ones, say.
    """
    return all(_right_sums(all_reduce(values), values) for values in _cases((1, 2, 3, 4, 6), (1, 7, 12), np.ones))


def of_rank_0_alone(all_reduce):
    """You look at rank 0's result alone: what the other ranks have slips through.

    Look at every rank's result.
    """
    for values in ALL:
        results = all_reduce(values)
        if len(results) != len(values) or not np.allclose(results[0], np.sum(values, axis=0)):
            return False
    return True


def whether_they_agree(all_reduce):
    """You ask whether all ranks have the same, not whether it is the sum.

    Compute the sum of the arrays yourself, and compare each result with it.
    """
    return all(
        all(np.shape(r) == np.shape(results[0]) and np.allclose(r, results[0]) for r in results)
        for results in map(all_reduce, ALL)
    )


def of_the_total(all_reduce):
    """Where the numbers stand slips through: you look at totals, or all numbers of an array are the same.

    Let an array hold different numbers, and compare number by number, with `np.allclose`.
    """
    return all(np.isclose(np.sum(result), np.sum(values)) for values in ALL for result in all_reduce(values))


def of_the_shapes(all_reduce):
    """You look at shapes alone: which numbers come back slips through.

    Compute the sum of the arrays yourself, and compare each result with it.
    """
    return all(np.shape(result) == np.shape(values[0]) for values in ALL for result in all_reduce(values))


def wants_the_mean(all_reduce):
    """You demand the mean; an all-reduce gives the sum.

    Compare with `np.sum(values, axis=0)`.
    """
    return all(np.allclose(result, np.mean(values, axis=0)) for values in ALL for result in all_reduce(values))


def wants_the_last_digit(all_reduce):
    """You demand that the sums agree to the last digit; another order of summing rounds otherwise.

    Compare with `np.allclose`.
    """
    return all(np.array_equal(result, np.sum(values, axis=0)) for values in ALL for result in all_reduce(values))


IS_ALL_REDUCE = examiner(
    "is_all_reduce",
    "all-reduce",
    right={"summed at once": all_reduce, "a ring": by_a_ring, "a tree": by_a_tree, "from the last": from_the_last},
    wrong=WRONG,
    reference=is_all_reduce,
    misconceptions=[
        with_two_ranks,
        with_powers_of_two,
        with_even_lengths,
        with_powers_and_even_lengths,
        at_one_case,
        with_equal_numbers,
        of_rank_0_alone,
        whether_they_agree,
        of_the_total,
        of_the_shapes,
        wants_the_mean,
        wants_the_last_digit,
    ],
    equivalents=[by_assertions, by_powers_of_ten],
    hints=[
        "`np.sum(values, axis=0)` is what every rank should have. Which ranks do you look at, and for which `values`?",
        "Which wrong functions are right for two ranks? For lengths that the number of ranks divides? For numbers "
        "that are all equal?",
        "Loop over one to six ranks and over lengths such as 1, 7 and 12, with drawn numbers, and compare "
        "every result.",
    ],
    minutes=12,
    level=2,
)
