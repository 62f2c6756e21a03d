import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_lib.checking.compare import agree
from course_lib.checking.values import Opaque, as_numbers, plain, show

numbers = st.floats(-1e6, 1e6)
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


class EqualsEverything(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__

    def __float__(self):
        return 42.0

    def __sub__(self, other):
        return 0.0


class Liar(np.ndarray):
    def __array_ufunc__(self, *arguments, **keywords):
        return np.True_

    def __eq__(self, other):
        return np.True_


@given(trees)
def test_plain_values_come_through_as_they_are(tree):
    copied = plain(tree)
    assert repr(copied) == repr(tree)
    assert agree(copied, tree)


def test_subclasses_lose_their_tricks():
    number = plain(EqualsEverything(1.5))
    assert type(number) is float and number == 1.5 and number != 42
    array = plain(np.array([1.0, 2.0]).view(Liar))
    assert type(array) is np.ndarray and not agree(array, np.array([1.0, 3.0]))
    text = plain(type("Text", (str,), {"__eq__": lambda self, other: True, "__hash__": str.__hash__})("no"))
    assert type(text) is str and text != "yes"


def test_what_is_not_plain_becomes_opaque_and_agrees_with_nothing():
    class Anything:
        def __eq__(self, other):
            return True

    value = plain(Anything())
    assert value == Opaque("`Anything` object")
    assert not agree(value, 1.0) and not agree(value, value) and not agree([value], [value])


def test_values_without_end_are_cut():
    endless = []
    endless.append(endless)
    assert "nesting" in repr(plain(endless))
    assert isinstance(plain(2**5000), Opaque)
    assert isinstance(plain(list(range(200_000))), Opaque)


def test_a_copy_is_independent():
    original = np.arange(3.0)
    copied = plain([original])
    original[0] = 9
    assert copied[0][0] == 0


@given(arrays(float, (2, 3), elements=numbers))
def test_an_array_agrees_with_itself_as_a_list(array):
    assert agree(array.tolist(), array) and agree(array, array.tolist())


@given(arrays(float, 5, elements=st.floats(0.1, 100)), st.integers(0, 4))
def test_a_thousandth_of_a_percent_is_seen(array, index):
    other = array.copy()
    other[index] *= 1 + 1e-5
    assert not agree(other, array)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (np.float32(0.1), 0.1),  # float32 has its own tolerance
        (np.array(3.0), 3.0),  # a 0-d array is a number
        (True, 1.0),
        (np.array([np.nan, np.inf, -np.inf]), np.array([np.nan, np.inf, -np.inf])),
        (1e-17, 0.0),
        (1.0 + 2e-16, 1.0),
        ((1.0, "a", None), (1.0, "a", None)),
        ([np.zeros(2), np.ones(3)], [np.zeros(2), np.ones(3)]),
        (np.array([[1.0, 2.0], [3.0, 4.0]]), [np.array([1.0, 2.0]), np.array([3.0, 4.0])]),
        (np.zeros((0, 3)), np.zeros((0, 3))),
    ],
)
def test_what_agrees(actual, expected):
    assert agree(plain(actual), plain(expected))


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (0.1 + 1e-6, 0.1),
        (np.nan, 0.0),
        (np.inf, -np.inf),
        (np.inf, 1e308),
        (None, 0.0),
        ("1.0", 1.0),
        ([1.0], 1.0),
        (np.zeros((3, 1)), np.zeros(3)),
        (np.zeros((1, 3)), np.zeros(3)),
        ([np.zeros(2)], [np.zeros(2), np.zeros(3)]),
        ({"a": 1.0}, {"a": 1.0, "b": 2.0}),
        (1.0, None),
        (1.0, "1.0"),
        (np.array([1e-3, 1e3]) + 1e-5, np.array([1e-3, 1e3])),  # a small number beside a large one
    ],
)
def test_what_does_not(actual, expected):
    assert not agree(actual, expected)


def test_numbers_are_found_where_there_are_some():
    assert as_numbers([[1, 2], [3, 4]]).shape == (2, 2)
    assert as_numbers([[1], [2, 3]]) is None and as_numbers("1") is None and as_numbers([]) is None


@given(trees)
def test_any_value_shows_as_one_short_line(tree):
    line = show(plain(tree))
    assert "\n" not in line and len(line) <= 160
