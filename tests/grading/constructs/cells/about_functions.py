# ruff: noqa
# fmt: off
"""What tests ask about a function; threads, time, coroutines."""

# === signature, name, documentation
# %% solution
def interest(amount, rate=0.05, *, years: int = 1) -> float:
    """Return the interest on `amount`."""
    return amount * rate * years
# %% wrong
def interest(amount, rate=0.05, years=1):
    return amount * rate * years
# %% test
import inspect
parameters = inspect.signature(interest).parameters
assert list(parameters) == ["amount", "rate", "years"]
assert parameters["rate"].default == 0.05 and parameters["years"].kind is inspect.Parameter.KEYWORD_ONLY
# %% test
assert interest.__name__ == "interest" and interest.__doc__ is not None and "interest" in interest.__doc__
assert interest.__defaults__ == (0.05,) and interest.__annotations__["return"] is float

# === arguments by co_varnames | falls short: a learner's function has not its own __code__
# %% solution
def volume(width, height, depth):
    return width * height * depth
# %% wrong
def volume(a, b, c):
    return a * b * c
# %% test
assert volume.__code__.co_argcount == 3
assert volume.__code__.co_varnames[:3] == ("width", "height", "depth")

# === the source of a function
# %% solution
def evens(n):
    return [i for i in range(n) if i % 2 == 0]
# %% wrong
def evens(n):
    out = []
    for i in range(n):
        if i % 2 == 0:
            out.append(i)
    return out
# %% test
import ast
import inspect
source = inspect.getsource(evens)
assert "append" not in source, "use a list comprehension"
assert any(isinstance(node, ast.ListComp) for node in ast.walk(ast.parse(source)))
assert evens(5) == [0, 2, 4]

# === a forbidden call by co_names | falls short: a learner's function has not its own __code__, so that a forbidden call is not seen
# %% solution
def total(values):
    result = 0
    for value in values:
        result += value
    return result
# %% wrong
def total(values):
    return sum(values)
# %% test
assert "sum" not in total.__code__.co_names, "write the loop yourself"
assert total([1, 2, 3]) == 6

# === callable, hasattr and getattr
# %% solution
def main():
    return main.calls
main.calls = 3
LIMIT = 10
# %% wrong
def main():
    return 3
LIMIT = 10
# %% wrong
main = 3
LIMIT = 10
# %% test
assert callable(main) and not callable(LIMIT)
assert hasattr(main, "calls") and getattr(main, "calls") == 3 and getattr(main, "missing", None) is None
main.calls = 4
assert main() == 4

# === is a name defined
# %% solution
def solve():
    return 1
answer = solve()
# %% wrong
def solves():
    return 1
# %% test
assert "solve" in globals() and "answer" in dir()
assert callable(globals()["solve"]) and "nothing_like_it" not in globals()
# %% test
try:
    answer
except NameError:
    raise AssertionError("define the variable `answer`")

# === functions in data structures
# %% solution
handlers = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b}
pipeline = [str.strip, str.title, lambda text: text + "."]
# %% wrong
handlers = {"add": lambda a, b: a * b, "mul": lambda a, b: a + b}
pipeline = [str.strip, str.title]
# %% test
assert handlers["add"](2, 5) == 7 and set(handlers) == {"add", "mul"} and all(map(callable, handlers.values()))
# %% test
text = "  ada lovelace "
for function in pipeline:
    text = function(text)
assert text == "Ada Lovelace." and len(pipeline) == 3

# === an object of the test as a marker
# %% solution
def replace(items, old, new):
    return [new if item is old else item for item in items]
# %% wrong
def replace(items, old, new):
    return [new if item == old else item for item in items]
# %% test
class EqualsAll:
    def __eq__(self, other):
        return True
missing = object()
assert replace([1, missing, 2], missing, 0) == [1, 0, 2]
thing = EqualsAll()
assert replace([1, thing], missing, 0)[1] is thing

# === threads in a test
# %% solution
import threading
class Counter:
    def __init__(self):
        self.lock, self.value = threading.Lock(), 0
    def increase(self):
        with self.lock:
            self.value += 1
# %% wrong
class Counter:
    def __init__(self):
        self.value = 0
    def increase(self):
        self.value = 1
# %% test
import threading
counter = Counter()
threads = [threading.Thread(target=lambda: [counter.increase() for _ in range(50)]) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert counter.value == 200

# === calls from a pool of threads
# %% solution
def square(n):
    return n * n
# %% wrong
def square(n):
    return n + n
# %% test
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    assert list(pool.map(square, range(20))) == [n * n for n in range(20)]

# === time measured
# %% solution
def is_prime(n):
    return n > 1 and all(n % d for d in range(2, int(n ** 0.5) + 1))
# %% wrong
import time
def is_prime(n):
    time.sleep(0.6)
    return n > 1 and all(n % d for d in range(2, int(n ** 0.5) + 1))
# %% test
import time
start = time.perf_counter()
assert is_prime(104_729) and not is_prime(104_730)
assert time.perf_counter() - start < 1, "try divisors up to the square root"

# === a coroutine
# %% solution
import asyncio
async def fetch(n):
    await asyncio.sleep(0)
    return n * 2
# %% wrong
async def fetch(n):
    return n
# %% wrong
def fetch(n):
    return n * 2
# %% test
import asyncio
async def main():
    return await asyncio.gather(fetch(1), fetch(2))
loop = asyncio.new_event_loop()
try:
    assert loop.run_until_complete(main()) == [2, 4]
finally:
    loop.close()
