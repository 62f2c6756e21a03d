"""How long one check of each exercise takes, for the right answer and for the slowest wrong one.

The peer is the reference itself, run on the exercise's own probe with nothing around it: the ratio is what checking
costs beyond computing. Aims: a median of at most 50 ms for NumPy exercises, and none over 2 s.
"""

import statistics
import time

from course_lib.checking import judge as judging
from course_lib.checking.observe import observe
from course_lib.exercises import CHAPTERS, of_chapter

REPEATS = 5


def seconds(action) -> float:
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def bare(exercise):
    for row in exercise.rows(exercise.reference, 0):
        row.value()


def main():
    rights, slowest = [], []
    print(f"{'exercise':34}{'bare ms':>10}{'right ms':>10}{'ratio':>8}{'wrong ms':>10}   (slowest wrong answer)")
    for chapter in CHAPTERS:
        for exercise in of_chapter(chapter):

            def checked(answer, exercise=exercise):
                judging._tried.cache_clear()  # the first wrong answer of a process: nothing is kept yet
                return judging.judge(exercise, observe(exercise, answer, 0), 0)

            checked(exercise.reference)
            floor = seconds(lambda exercise=exercise: bare(exercise))
            right = seconds(lambda exercise=exercise, checked=checked: checked(exercise.reference))
            wrong, name = max(
                (seconds(lambda m=m, checked=checked: checked(m.answer)), m.name) for m in exercise.misconceptions
            )
            rights.append(right)
            slowest.append(wrong)
            ms = 1000
            print(
                f"{exercise.name:34}{floor * ms:10.2f}{right * ms:10.2f}{right / floor:8.1f}{wrong * ms:10.2f}   {name}"
            )
    print(
        f"check, median over {len(rights)} exercises: right {1000 * statistics.median(rights):.1f} ms, "
        f"wrong {1000 * statistics.median(slowest):.1f} ms (aim 50); slowest {max(rights + slowest):.2f} s (aim 2)"
    )


if __name__ == "__main__":
    main()
