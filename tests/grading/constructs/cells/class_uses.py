# ruff: noqa
# fmt: off
"""Objects at work: called, entered, copied, given back."""

# === callable objects
# %% solution
class Polynomial:
    def __init__(self, *coefficients):
        self.coefficients = coefficients
    def __call__(self, x):
        return sum(c * x ** i for i, c in enumerate(self.coefficients))
# %% wrong
class Polynomial:
    def __init__(self, *coefficients):
        self.coefficients = coefficients
    def __call__(self, x):
        return sum(c * x ** i for i, c in enumerate(reversed(self.coefficients)))
# %% test
import numpy as np
p = Polynomial(1, 0, 2)
assert p(3) == 19 and callable(p) and list(map(p, [0, 1])) == [1, 3]
assert np.allclose(p(np.array([1.0, 2.0])), [3, 9]) and p.coefficients == (1, 0, 2)

# === an object in a with statement
# %% solution
class Timer:
    def __enter__(self):
        self.events = ["start"]
        return self
    def __exit__(self, kind, error, trace):
        self.events.append(kind.__name__ if kind else "stop")
        return kind is ValueError
# %% wrong
class Timer:
    def __enter__(self):
        self.events = ["start"]
        return self
    def __exit__(self, kind, error, trace):
        self.events.append("stop")
# %% test
with Timer() as timer:
    assert timer.events == ["start"]
assert timer.events == ["start", "stop"]
with Timer() as timer:
    raise ValueError("is swallowed")
assert timer.events[-1] == "ValueError"
# %% test
try:
    with Timer() as timer:
        raise KeyError("goes through")
    assert False
except KeyError:
    assert timer.events[-1] == "KeyError"

# === class attributes, static and class methods
# %% solution
class Account:
    count = 0
    rate = 0.02
    def __init__(self, balance=0):
        self.balance = balance
        Account.count += 1
    @classmethod
    def from_text(cls, text):
        return cls(float(text))
    @staticmethod
    def valid(amount):
        return amount > 0
    def interest(self):
        return self.balance * self.rate
class Savings(Account):
    rate = 0.05
# %% wrong
class Account:
    count = 0
    rate = 0.02
    def __init__(self, balance=0):
        self.balance = balance
        self.count = self.count + 1
    @classmethod
    def from_text(cls, text):
        return Account(float(text))
    @staticmethod
    def valid(amount):
        return amount > 0
    def interest(self):
        return self.balance * 0.02
class Savings(Account):
    rate = 0.05
# %% test
before = Account.count
a, b = Account(100), Savings.from_text("200")
assert Account.count == before + 2
# %% test
assert type(b) is Savings and b.interest() == 10 and Account.valid(1) and not a.valid(-1)
Account.rate = 0.5
assert a.interest() == 50 and b.interest() == 10

# === private names, slots and getattr
# %% solution
class Safe:
    __slots__ = ("_Safe__code", "tries")
    def __init__(self, code):
        self.__code, self.tries = code, 0
    def open(self, code):
        self.tries += 1
        return code == self.__code
class Record:
    def __init__(self, **fields):
        self._fields = fields
    def __getattr__(self, name):
        try:
            return self._fields[name]
        except KeyError:
            raise AttributeError(f"no field {name}") from None
# %% wrong
class Safe:
    def __init__(self, code):
        self.code, self.tries = code, 0
    def open(self, code):
        self.tries += 1
        return code == self.code
class Record:
    def __init__(self, **fields):
        self._fields = fields
    def __getattr__(self, name):
        return self._fields.get(name)
# %% test
safe = Safe("1234")
assert not safe.open("0") and safe.open("1234") and safe.tries == 2
assert not hasattr(safe, "code") and not hasattr(safe, "__code") and safe._Safe__code == "1234"
try:
    safe.color = "red"
    assert False, "no other attributes"
except AttributeError:
    pass
# %% test
record = Record(name="Ada")
assert record.name == "Ada" and not hasattr(record, "age") and getattr(record, "age", 36) == 36

# === methods as functions
# %% solution
class Greeter:
    def __init__(self, word):
        self.word = word
    def greet(self, name):
        """Say it."""
        return f"{self.word}, {name}"
# %% wrong
class Greeter:
    def __init__(self, word):
        self.word = word
    def greet(self, name):
        return f"{name}, {self.word}"
# %% test
hello = Greeter("Hello")
greet = hello.greet
assert greet("Bo") == "Hello, Bo" and Greeter.greet(hello, "Al") == "Hello, Al"
assert [*map(hello.greet, "xy")] == ["Hello, x", "Hello, y"] and greet.__self__ is hello
# %% test
assert Greeter.greet.__doc__ == "Say it." and "greet" in dir(Greeter) and hasattr(Greeter, "__init__")
assert callable(getattr(hello, "greet")) and Greeter.__name__ == "Greeter"

# === objects given back to the learner's functions
# %% solution
class Item:
    def __init__(self, name, price):
        self.name, self.price = name, price
class Cart:
    def __init__(self):
        self.items = []
    def add(self, item, quantity=1):
        self.items.extend([item] * quantity)
        return self
    def total(self):
        return sum(item.price for item in self.items)
def cheapest(items):
    return min(items, key=lambda item: item.price)
# %% wrong
class Item:
    def __init__(self, name, price):
        self.name, self.price = name, price
class Cart:
    def __init__(self):
        self.items = []
    def add(self, item, quantity=1):
        self.items.append(item)
        return self
    def total(self):
        return sum(item.price for item in self.items)
def cheapest(items):
    return Item(items[-1].name, items[-1].price)
# %% test
tea, cup = Item("tea", 2), Item("cup", 5)
cart = Cart().add(tea, quantity=3).add(cup)
assert cart.total() == 11 and cart.items[0] is tea and cup in cart.items and len(cart.items) == 4
tea.price = 3
assert cart.total() == 14
# %% test
assert cheapest([cup, tea]) is tea and cheapest([tea, cup]) is tea and cheapest({"a": tea}.values()).name == "tea"
assert sorted([cup, tea], key=lambda item: item.price)[0] is tea and {tea: 1}[tea] == 1 and len({tea, cup, tea}) == 2

# === a copy of an object
# %% solution
class Grid:
    def __init__(self, n):
        self.cells = [[0] * n for _ in range(n)]
    def set(self, row, column, value):
        self.cells[row][column] = value
# %% wrong
class Grid:
    def __init__(self, n):
        self.cells = [[0] * n] * n
    def set(self, row, column, value):
        self.cells[row][column] = value
# %% test
import copy
grid = Grid(2)
twin, shallow = copy.deepcopy(grid), copy.copy(grid)
grid.set(0, 0, 5)
assert grid.cells == [[5, 0], [0, 0]] and twin.cells == [[0, 0], [0, 0]] and shallow.cells[0][0] == 5
assert isinstance(twin, Grid)

# === a pickled object | falls short: a learner's object cannot be pickled
# %% solution
class Settings:
    def __init__(self, rate):
        self.rate = rate
    def __getstate__(self):
        return {"rate": self.rate}
# %% wrong
class Settings:
    def __init__(self, rate):
        self.rate = lambda: rate
# %% test
import pickle
assert pickle.loads(pickle.dumps(Settings(0.1))).rate == 0.1

# === a metaclass and a protocol of the test | falls short: the class of a learner's class is not its metaclass
# %% solution
class Registry(type):
    classes = {}
    def __new__(cls, name, bases, body):
        made = super().__new__(cls, name, bases, body)
        Registry.classes[name] = made
        return made
class Base(metaclass=Registry):
    pass
class Duck(Base):
    def quack(self):
        return "quack"
# %% wrong
class Registry(type):
    classes = {}
class Base(metaclass=Registry):
    pass
class Duck(Base):
    def quack(self):
        return "quack"
# %% test
assert Registry.classes["Duck"] is Duck and sorted(Registry.classes) == ["Base", "Duck"]
assert type(Duck) is Registry and isinstance(Duck, type)
