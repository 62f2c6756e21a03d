# ruff: noqa
# fmt: off
"""What tests do with results, and arguments that are changed in place."""

# === JSON of a result
# %% solution
def record(name, marks):
    return {"name": name, "marks": list(marks), "passed": None if not marks else min(marks) >= 50}
# %% wrong
def record(name, marks):
    return {"name": name, "marks": set(marks), "passed": None if not marks else min(marks) >= 50}
# %% test
import json
assert json.loads(json.dumps(record("Ada", (80, 90)))) == {"name": "Ada", "marks": [80, 90], "passed": True}
assert json.dumps(record("Bo", ())) == '{"name": "Bo", "marks": [], "passed": null}'

# === a deep copy of a result
# %% solution
def board(n):
    return [["." for _ in range(n)] for _ in range(n)]
# %% wrong
def board(n):
    return [["."] * n] * n
# %% test
import copy
first = board(2)
second = copy.deepcopy(first)
first[0][0] = "X"
assert second[0][0] == "." and first[1][0] == "." and first != second

# === a result in other computations
# %% solution
def triple(n):
    return 3 * n
# %% wrong
def triple(n):
    return n + 3
# %% test
values = ["a", "b", "c", "d"]
assert values[triple(1)] == "d" and values[:triple(1)] == ["a", "b", "c"]
assert 1 + triple(2) == 7 and triple(2) - 1 == 5 and 2 ** triple(1) == 8 and -triple(1) == -3
assert 5 < triple(2) < 7 and divmod(triple(3), 2) == (4, 1) and [0] * triple(1) == [0, 0, 0]
assert list(range(triple(1))) == [0, 1, 2] and bin(triple(1)) == "0b11"

# === hashes hide the expected value
# %% solution
def secret_word():
    return "gradient"
count = 42
# %% wrong
def secret_word():
    return "descent"
count = 42
# %% test
import hashlib
assert hashlib.sha256(secret_word().encode()).hexdigest()[:16] == "1b6a3443f30a8adc"
assert hashlib.sha1(str(count).encode()).hexdigest() == "92cfceb39d57d914ed8b14d0e37643de0797ae56"

# === many values at once
# %% solution
def squares(n):
    return [i * i for i in range(n)]
# %% wrong
def squares(n):
    return [i * i for i in range(1, n + 1)]
# %% test
assert len(squares(100_000)) == 100_000 and squares(100_000)[-1] == 99_999 ** 2

# === one call for each of many inputs
# %% solution
def collatz(n):
    steps = 0
    while n != 1:
        n, steps = (n // 2 if n % 2 == 0 else 3 * n + 1), steps + 1
    return steps
# %% wrong
def collatz(n):
    steps = 0
    while n != 1:
        n, steps = (n // 2 if n % 2 == 0 else n + 1), steps + 1
    return steps
# %% test
assert [collatz(n) for n in range(1, 11)] == [0, 1, 7, 2, 5, 8, 16, 3, 19, 6]
assert all(collatz(2 ** n) == n for n in range(12)) and max(map(collatz, range(1, 100))) == 118

# === changed in place: lists
# %% solution
def remove_negatives(values):
    values[:] = [value for value in values if value >= 0]
def bubble_sort(values):
    for end in range(len(values), 1, -1):
        for i in range(end - 1):
            if values[i] > values[i + 1]:
                values[i], values[i + 1] = values[i + 1], values[i]
# %% wrong
def remove_negatives(values):
    return [value for value in values if value >= 0]
def bubble_sort(values):
    return sorted(values)
# %% test
numbers = [3, -1, 2, -5]
assert remove_negatives(numbers) is None
assert numbers == [3, 2]
# %% test
alias = numbers = [4, 2, 9, 1]
bubble_sort(numbers)
assert numbers == [1, 2, 4, 9] and alias is numbers and alias[0] == 1

# === changed in place: dictionaries and what lies in them
# %% solution
def enroll(course, student, grade):
    course.setdefault(student, []).append(grade)
    course["count"] = len(course) - ("count" in course)
# %% wrong
def enroll(course, student, grade):
    course = dict(course)
    course.setdefault(student, []).append(grade)
# %% wrong
def enroll(course, student, grade):
    course[student] = course.get(student, []) + [grade]
    course["count"] = len(course) - ("count" in course)
# %% test
grades = [1.0]
course = {"ada": grades}
enroll(course, "ada", 2.0)
enroll(course, "bob", 3.0)
assert grades == [1.0, 2.0] and course["ada"] is grades
assert course == {"ada": [1.0, 2.0], "bob": [3.0], "count": 2}

# === not changed in place
# %% solution
def without_first(values):
    return values[1:]
# %% wrong
def without_first(values):
    values.pop(0)
    return values
# %% test
values = [1, 2, 3]
assert without_first(values) == [2, 3]
assert values == [1, 2, 3], "the argument must stay as it was"

# === the same list comes back
# %% solution
def append_to(item, items=None):
    if items is None:
        items = []
    items.append(item)
    return items
# %% wrong
def append_to(item, items=[]):
    items.append(item)
    return items
# %% wrong
def append_to(item, items=None):
    return (items or []) + [item]
# %% test
assert append_to(1) == [1] and append_to(2) == [2], "each call begins with an empty list"
mine = [0]
assert append_to(1, mine) is mine and mine == [0, 1]

# === sets changed in place
# %% solution
def see(seen, item):
    new = item not in seen
    seen.add(item)
    return new
# %% wrong
def see(seen, item):
    return item not in seen
# %% test
seen = {1}
assert see(seen, 2) and not see(seen, 2) and seen == {1, 2}
