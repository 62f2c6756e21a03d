"""The teacher's cells that these tests grade: two answers, and a test of each."""

from tests.grading.split_course import answer, given, graded

SETUP = given("setup", "import numpy as np\nfrom IPython.display import display\nfrom course_lib import student_seed")
DOUBLE = answer("double", "def double(x):\n    return 2 * x")
SQUARE = answer("square", "def square(x):\n    return x * x")
CELLS = (
    SETUP,
    DOUBLE,
    graded("double-test", "assert double(4) == 8", 2),
    SQUARE,
    graded("square-test", "assert square(4) == 16", 3),
)
FULL = {"double-test": 2.0, "square-test": 3.0}
