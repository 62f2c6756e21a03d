"""Numbers as people type them."""

import math

import pytest

from course_lib.checking.typed import read_number, show_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.25", 0.25), (" .25 ", 0.25), ("0,25", 0.25), ("1/4", 0.25), ("25 %", 0.25), ("25%", 0.25), ("2^-2", 0.25),
        ("0.25**5", 0.25**5), ("1e-3", 0.001), ("1,5e-3", 0.0015), ("10⁻³", 0.001), ("2.5 × 10^-1", 0.25),
        ("1/1024", 1 / 1024), ("−3", -3), ("-3", -3), ("+3", 3), ("~3", 3), ("about 8", 8), ("½", 0.5), ("-2½", -2.5),
        ("1,024", 1024), ("60,000", 60000), ("1.024,5", 1024.5), ("1,024.5", 1024.5), ("1 024", 1024), ("1'024", 1024),
        ("0,001", 0.001), ("0", 0), ("007", 7), ("12,5 %", 0.125), ("inf", math.inf), ("5 ‰", 0.005),
        ("5 percent", 0.05), ("3 layers", 3),
    ],
)  # fmt: skip
def test_numbers_are_read_as_they_are_meant(text, number):
    assert read_number(text, unit="layers") == pytest.approx(number, rel=1e-12)


def test_a_percent_sign_that_is_the_unit_does_not_divide():
    assert read_number("25 %", unit="%") == read_number("25", unit="%") == 25


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "a",
        "nan",
        "1 2",
        "1,2,3",
        "1/0",
        "(-8)**0.5",
        "9**9**9**9",
        "__import__('os')",
        "1;2",
        "(" * 70,
        "1" * 99,
    ],
)
def test_what_is_no_number_is_answered_with_a_sentence(text):
    with pytest.raises(ValueError, match="is not read as a number"):
        read_number(text)


@pytest.mark.parametrize(
    ("number", "shown"),
    [(671754, "671,754"), (0.25**5, "0.000977"), (-3.0, "−3"), (0.0, "0"), (1.2e-8, "1.2e-08"), (1234.56, "1,235"),
     (math.inf, "inf"), (0.9812, "0.981")],
)  # fmt: skip
def test_numbers_are_shown_as_they_are_read(number, shown):
    assert show_number(number) == shown
