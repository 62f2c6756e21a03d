from course_lib.wording import counted, listed


def test_one_of_a_thing_has_no_s():
    assert [counted(number, "word") for number in (0, 1, 2)] == ["0 words", "1 word", "2 words"]


def test_a_number_of_thousands_has_its_comma():
    assert counted(2000, "word") == "2,000 words"


def test_the_last_of_several_stands_behind_an_and():
    assert [listed(["a", "b", "c"][:count]) for count in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
