# ruff: noqa
# fmt: off
"""The learner's classes: objects, attributes, inheritance."""

# === construction, attributes, methods
# %% solution
class Dog:
    kind = "dog"
    def __init__(self, name, age=1):
        self.name = name
        self.age = age
        self.tricks = []
    def birthday(self):
        self.age += 1
        return self
    def learn(self, trick):
        self.tricks.append(trick)
# %% wrong
class Dog:
    kind = "dog"
    tricks = []
    def __init__(self, name, age=1):
        self.name = name
        self.age = age
    def birthday(self):
        self.age += 1
        return self
    def learn(self, trick):
        self.tricks.append(trick)
# %% wrong
class Dog:
    def __init__(self, name, age=1):
        self.name, self.age, self.tricks = name, age, []
    def birthday(self):
        self.age += 1
    def learn(self, trick):
        self.tricks.append(trick)
# %% test
rex = Dog("Rex", age=3)
assert rex.name == "Rex" and rex.age == 3 and Dog("Fido").age == 1
rex.learn("sit")
assert rex.tricks == ["sit"] and Dog("Fido").tricks == []
assert len(rex.tricks) == 1 and "sit" in rex.tricks
# %% test
assert rex.birthday().age == 4 and rex.birthday() is rex and rex.age == 5
assert Dog.kind == rex.kind == "dog" and isinstance(rex, Dog) and type(rex) is Dog and type(rex) == Dog

# === attributes set by the test
# %% solution
class Rectangle:
    def __init__(self, width, height):
        self.width, self.height = width, height
    def area(self):
        return self.width * self.height
# %% wrong
class Rectangle:
    def __init__(self, width, height):
        self._area = width * height
        self.width, self.height = width, height
    def area(self):
        return self._area
# %% test
r = Rectangle(2, 3)
r.width = 10
r.height += 1
assert r.area() == 40 and r.height == 4
r.color = "red"
assert r.color == "red" and hasattr(r, "color") and not hasattr(r, "depth")
del r.color
assert getattr(r, "color", None) is None
setattr(r, "width", 1)
assert r.area() == 4 and vars(r) == {"width": 1, "height": 4} and r.__dict__["height"] == 4

# === attributes that hold objects
# %% solution
class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next
class LinkedList:
    def __init__(self):
        self.head = None
    def push(self, value):
        self.head = Node(value, self.head)
# %% wrong
class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next
class LinkedList:
    def __init__(self):
        self.head = None
    def push(self, value):
        self.head = Node(value)
# %% test
items = LinkedList()
assert items.head is None
for value in (1, 2, 3):
    items.push(value)
seen, node = [], items.head
while node is not None:
    assert isinstance(node, Node)
    seen.append(node.value)
    node = node.next
assert seen == [3, 2, 1] and items.head.next is items.head.next
# %% test
chain = Node("a", Node("b"))
assert chain.next.value == "b" and chain.next.next is None
chain.next.next = Node("c")
assert chain.next.next.value == "c"

# === properties
# %% solution
class Temperature:
    def __init__(self, celsius=0.0):
        self.celsius = celsius
    @property
    def celsius(self):
        return self._celsius
    @celsius.setter
    def celsius(self, value):
        if value < -273.15:
            raise ValueError("below absolute zero")
        self._celsius = value
    @property
    def fahrenheit(self):
        return self.celsius * 9 / 5 + 32
# %% wrong
class Temperature:
    def __init__(self, celsius=0.0):
        self.celsius = celsius
        self.fahrenheit = celsius * 9 / 5 + 32
# %% test
t = Temperature(100)
assert t.fahrenheit == 212
t.celsius = 0
assert t.fahrenheit == 32
# %% test
try:
    t.celsius = -300
    raise AssertionError("must be refused")
except ValueError as error:
    assert "absolute zero" in str(error)
try:
    t.fahrenheit = 1
    raise AssertionError("fahrenheit cannot be set")
except AttributeError:
    pass
assert isinstance(Temperature.fahrenheit, property)

# === inheritance
# %% solution
class Shape:
    def area(self):
        raise NotImplementedError
    def describe(self):
        return f"{type(self).__name__} of area {self.area()}"
class Square(Shape):
    def __init__(self, side):
        self.side = side
    def area(self):
        return self.side ** 2
class Cube(Square):
    def area(self):
        return 6 * super().area()
# %% wrong
class Shape:
    def area(self):
        raise NotImplementedError
    def describe(self):
        return f"Shape of area {self.area()}"
class Square(Shape):
    def __init__(self, side):
        self.side = side
    def area(self):
        return self.side ** 2
class Cube(Square):
    def area(self):
        return 6 * super().area()
# %% wrong
class Shape:
    pass
class Square:
    def __init__(self, side):
        self.side = side
    def area(self):
        return self.side ** 2
    def describe(self):
        return f"{type(self).__name__} of area {self.area()}"
class Cube(Square):
    def area(self):
        return 6 * super().area()
# %% test
cube = Cube(2)
assert cube.area() == 24 and cube.describe() == "Cube of area 24"
assert isinstance(cube, Shape) and issubclass(Cube, Square) and not issubclass(Square, Cube)
assert Cube.__bases__ == (Square,) and Cube.__mro__[1:3] == (Square, Shape) and type(cube).__name__ == "Cube"
assert isinstance(Square(1), Shape) and not isinstance(Square(1), Cube)
# %% test
try:
    Shape().area()
    assert False, "Shape has no area"
except NotImplementedError:
    pass

# === the teacher's base class | falls short: the teacher's class in the learner's process is not the test's
# %% teacher
class Animal:
    def __init__(self, name):
        self.name = name
    def speak(self):
        return f"{self.name} says {self.sound()}"
    def sound(self):
        raise NotImplementedError
# %% solution
class Cat(Animal):
    def sound(self):
        return "meow"
# %% wrong
class Cat(Animal):
    def speak(self):
        return "meow"
# %% wrong
class Cat:
    def __init__(self, name):
        self.name = name
    def speak(self):
        return self.name + " says meow"
    def sound(self):
        return "meow"
# %% test
cat = Cat("Tom")
assert cat.speak() == "Tom says meow"
assert isinstance(cat, Animal) and issubclass(Cat, Animal) and Cat.speak is Animal.speak

# === the teacher's class as an argument
# %% teacher
class Tree:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right
# %% solution
def height(tree):
    return 0 if tree is None else 1 + max(height(tree.left), height(tree.right))
def mirror(tree):
    return None if tree is None else Tree(tree.value, mirror(tree.right), mirror(tree.left))
# %% wrong
def height(tree):
    return 0 if tree is None else 1 + height(tree.left)
def mirror(tree):
    return tree
# %% test
tree = Tree(1, None, Tree(2, Tree(3)))
assert height(tree) == 3 and height(None) == 0
# %% test
turned = mirror(tree)
assert isinstance(turned, Tree) and turned.left.right.value == 3 and turned.right is None
assert tree.left is None

# === a base class from abc
# %% solution
from abc import ABC, abstractmethod
class Model(ABC):
    @abstractmethod
    def predict(self, x): ...
    def score(self, x, y):
        return self.predict(x) == y
class Constant(Model):
    def predict(self, x):
        return 1
# %% wrong
class Model:
    def predict(self, x): ...
    def score(self, x, y):
        return self.predict(x) == y
class Constant(Model):
    def predict(self, x):
        return 1
# %% test
try:
    Model()
    assert False, "an abstract class has no objects"
except TypeError:
    pass
from abc import ABC
assert issubclass(Model, ABC) and Constant().score(0, 1) is True

# === derived by the test | falls short: a test's class that derives from the learner's does not work
# %% solution
class Layer:
    def __init__(self, units):
        self.units = units
    def __call__(self, x):
        return self.activation(x) * self.units
    def activation(self, x):
        return x
# %% wrong
class Layer:
    def __init__(self, units):
        self.units = units
    def __call__(self, x):
        return x * self.units
    def activation(self, x):
        return x
# %% test
class Squared(Layer):
    def activation(self, x):
        return x * x
assert Layer(2)(3) == 6
assert Squared(2)(3) == 18 and isinstance(Squared(1), Layer)
