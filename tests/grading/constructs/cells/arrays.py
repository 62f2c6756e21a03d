# ruff: noqa
# fmt: off
"""NumPy arrays in and out."""

# === arrays that are close
# %% teacher
import numpy as np
# %% solution
def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
# %% wrong
def softmax(z):
    e = np.exp(z)
    return e / e.sum()
# %% wrong
def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
# %% test
assert np.allclose(softmax(np.array([0.0, 0.0])), 0.5)
z = np.arange(6.0).reshape(2, 3)
assert np.allclose(softmax(z).sum(axis=1), 1) and softmax(z).shape == (2, 3)
# %% test
np.testing.assert_allclose(softmax(np.array([1000.0, 1000.0])), [0.5, 0.5], rtol=1e-6)

# === numpy.testing
# %% teacher
import numpy as np
from numpy.testing import assert_allclose, assert_array_almost_equal, assert_array_equal
# %% solution
def standardize(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)
# %% wrong
def standardize(x):
    return (x - x.mean()) / x.std()
# %% wrong
def standardize(x):
    return (x - x.mean(axis=0)) / x.var(axis=0)
# %% test
x = np.array([[1.0, 10.0], [3.0, 50.0]])
assert_allclose(standardize(x), [[-1, -1], [1, 1]])
assert_array_almost_equal(standardize(x).mean(axis=0), np.zeros(2))
np.testing.assert_equal(standardize(x).shape, (2, 2))
assert_array_equal(np.sign(standardize(x)), [[-1, -1], [1, 1]])
np.testing.assert_almost_equal(standardize(x)[0, 0], -1.0, decimal=6)
np.testing.assert_array_less(standardize(x)[0], standardize(x)[1])

# === array_equal, dtype, shape, ndim
# %% teacher
import numpy as np
# %% solution
def one_hot(labels, classes):
    return np.eye(classes, dtype=np.int8)[labels]
# %% wrong
def one_hot(labels, classes):
    return np.eye(classes)[labels]
# %% wrong
def one_hot(labels, classes):
    return np.eye(classes, dtype=np.int8)[labels].T
# %% test
hot = one_hot(np.array([0, 2, 1]), 4)
assert hot.shape == (3, 4) and hot.ndim == 2 and hot.size == 12
assert hot.dtype == np.int8 and isinstance(hot, np.ndarray)
assert np.array_equal(hot, [[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0]])
assert (hot.sum(axis=1) == 1).all() and hot[1].argmax() == 2 and np.issubdtype(hot.dtype, np.integer)

# === types of NumPy's scalars
# %% teacher
import numpy as np
# %% solution
def largest(x):
    return x.max()
# %% wrong
def largest(x):
    return float(x.max())
# %% wrong
def largest(x):
    return x.argmax()
# %% test
assert isinstance(largest(np.array([1, 5, 3])), np.integer) and largest(np.array([1, 5, 3])) == 5
assert largest(np.float32([0.1, 0.2])).dtype == np.float32 and np.isscalar(largest(np.ones(2)))
assert type(largest(np.array([1.0]))) is np.float64

# === views, steps and Fortran order as arguments
# %% teacher
import numpy as np
# %% solution
def row_sums(x):
    return x.sum(axis=1)
# %% wrong
def row_sums(x):
    return x.sum(axis=0)
# %% test
x = np.arange(12).reshape(3, 4)
assert row_sums(x[::2, 1:]).tolist() == [6, 30]
assert row_sums(x.T).tolist() == [12, 15, 18, 21] and row_sums(np.asfortranarray(x)).tolist() == [6, 22, 38]
assert row_sums(np.broadcast_to([1, 2], (2, 2))).tolist() == [3, 3] and row_sums(np.empty((0, 2))).shape == (0,)

# === arrays changed in place
# %% teacher
import numpy as np
# %% solution
def clip_in_place(x, low, high):
    np.clip(x, low, high, out=x)
# %% wrong
def clip_in_place(x, low, high):
    x = np.clip(x, low, high)
# %% wrong
def clip_in_place(x, low, high):
    return np.clip(x, low, high)
# %% test
x = np.array([[-1.0, 0.5], [2.0, 3.0]])
clip_in_place(x, 0, 1)
assert np.array_equal(x, [[0, 0.5], [1, 1]])
row = np.array([5.0, 6.0, 7.0, 8.0])
clip_in_place(row[1:3], 0, 1)
assert row.tolist() == [5, 1, 1, 8]

# === a dictionary of arrays changed in place
# %% teacher
import numpy as np
# %% solution
def sgd_step(parameters, gradients, rate):
    for name in parameters:
        parameters[name] -= rate * gradients[name]
# %% wrong
def sgd_step(parameters, gradients, rate):
    for name in parameters:
        parameters[name] += rate * gradients[name]
# %% wrong
def sgd_step(parameters, gradients, rate):
    return {name: parameters[name] - rate * gradients[name] for name in parameters}
# %% test
parameters = {"W": np.ones((2, 2)), "b": np.zeros(2)}
kernel = parameters["W"]
sgd_step(parameters, {"W": np.ones((2, 2)), "b": np.array([1.0, 2.0])}, 0.5)
assert np.allclose(parameters["W"], 0.5) and np.allclose(parameters["b"], [-0.5, -1])
assert kernel is parameters["W"]

# === an array that must not change
# %% teacher
import numpy as np
# %% solution
def relu(x):
    return np.maximum(x, 0)
# %% wrong
def relu(x):
    x[x < 0] = 0
    return x
# %% test
x = np.array([-1.0, 2.0])
before = x.copy()
assert np.array_equal(relu(x), [0, 2])
assert np.array_equal(x, before) and relu(x) is not x

# === several arrays at once
# %% teacher
import numpy as np
# %% solution
def qr(a):
    return np.linalg.qr(a)
def grads(x):
    return {"dW": x.T @ x, "db": x.sum(axis=0), "parts": [x[:1], x[1:]]}
# %% wrong
def qr(a):
    return np.linalg.qr(a)[::-1]
def grads(x):
    return {"dW": x @ x.T, "db": x.sum(axis=0), "parts": [x[:1], x[1:]]}
# %% test
a = np.array([[2.0, 1.0], [1.0, 3.0]])
q, r = qr(a)
assert np.allclose(q @ r, a) and np.allclose(q.T @ q, np.eye(2)) and np.allclose(np.triu(r), r)
# %% test
x = np.arange(6.0).reshape(3, 2)
g = grads(x)
assert g["dW"].shape == (2, 2) and len(g["parts"]) == 2 and np.allclose(np.concatenate(g["parts"]), x)

# === results in arithmetic with arrays
# %% teacher
import numpy as np
# %% solution
weights = np.array([0.2, 0.8])
def predict(x):
    return x @ weights
# %% wrong
weights = np.array([0.8, 0.2])
def predict(x):
    return x @ weights
# %% test
x, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.8, 3.8])
assert ((predict(x) - y) ** 2).mean() < 1e-12 and np.abs(y - predict(x)).max() < 1e-9
assert weights.sum() == 1 and np.dot(weights, [1, 1]) == 1 and (2 * weights)[1] == 1.6
assert np.all(predict(x) > 1) and np.isclose(predict(x)[0] / 1.8, 1)

# === unusual data types
# %% teacher
import numpy as np
# %% solution
def names():
    return np.array(["ada", "grace"])
def mask(x):
    return x > 0
def half(x):
    return x.astype(np.float16)
def phases(n):
    return np.exp(2j * np.pi * np.arange(n) / n)
# %% wrong
def names():
    return ["ada", "grace"]
def mask(x):
    return (x > 0).astype(int)
def half(x):
    return x
def phases(n):
    return np.arange(n) / n
# %% test
assert names().dtype.kind == "U" and names()[1] == "grace" and (names() == "ada").tolist() == [True, False]
# %% test
assert mask(np.array([1, -1])).dtype == bool and mask(np.zeros(2)).sum() == 0
# %% test
assert half(np.ones(3)).dtype == np.float16 and half(np.ones(3)).nbytes == 6
# %% test
assert np.iscomplexobj(phases(4)) and np.allclose(phases(4)[1], 1j)

# === float32 and int8
# %% teacher
import numpy as np
# %% solution
def quantize(x, scale):
    return np.clip(np.round(x / scale), -128, 127).astype(np.int8), np.float32(scale)
# %% wrong
def quantize(x, scale):
    return np.clip(np.round(x / scale), -128, 127), scale
# %% test
levels, scale = quantize(np.array([-1.0, 0.26, 9.0]), 0.01)
assert levels.dtype == np.int8 and levels.tolist() == [-100, 26, 127]
assert scale.dtype == np.float32 and isinstance(scale, np.floating) and scale == np.float32(0.01)

# === 0-d arrays
# %% teacher
import numpy as np
# %% solution
def loss(y_true, y_pred):
    return np.asarray(np.mean((y_true - y_pred) ** 2))
# %% wrong
def loss(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2, keepdims=True)
# %% test
value = loss(np.zeros(4), np.full(4, 2.0))
assert isinstance(value, np.ndarray) and value.shape == () and value == 4 and float(value) == 4.0
assert loss(np.array(1.0), np.array(3.0)).item() == 4.0

# === object arrays
# %% teacher
import numpy as np
# %% solution
def ragged(rows):
    out = np.empty(len(rows), dtype=object)
    out[:] = [list(row) for row in rows]
    return out
# %% wrong
def ragged(rows):
    return [list(row) for row in rows]
# %% test
made = ragged([(1,), (2, 3)])
assert made.dtype == object and made.shape == (2,) and made[1] == [2, 3]

# === masked arrays
# %% teacher
import numpy as np
# %% solution
def hide_missing(x):
    return np.ma.masked_less(x, 0)
# %% wrong
def hide_missing(x):
    return np.where(x < 0, 0, x)
# %% test
hidden = hide_missing(np.array([1.0, -1.0, 3.0]))
assert hidden.mean() == 2.0 and hidden.mask.tolist() == [False, True, False] and hidden.count() == 2

# === structured arrays
# %% teacher
import numpy as np
# %% solution
def people():
    return np.array([("ada", 36), ("alan", 41)], dtype=[("name", "U10"), ("age", "i4")])
# %% wrong
def people():
    return np.array([("ada", "36"), ("alan", "41")])
# %% test
table = people()
assert table.dtype.names == ("name", "age") and table["age"].mean() == 38.5 and table[0]["name"] == "ada"
assert np.sort(table, order="age")["name"][-1] == "alan"

# === datetime64
# %% teacher
import numpy as np
# %% solution
def month(start):
    return np.arange(np.datetime64(start), np.datetime64(start) + 3)
# %% wrong
def month(start):
    return np.arange(3)
# %% test
days = month("2024-02-28")
assert days[1] == np.datetime64("2024-02-29") and days[2] - days[0] == np.timedelta64(2, "D")
assert str(days[2]) == "2024-03-01"

# === points of a scatter plot: masked, with nothing under the mask
# %% teacher
import numpy as np
import matplotlib.pyplot as plt
# %% solution
def draw(x, y):
    fig, ax = plt.subplots()
    ax.scatter(x, y)
    return ax
# %% wrong
def draw(x, y):
    fig, ax = plt.subplots()
    ax.scatter(y, x)
    return ax
# %% test
ax = draw([1, 2, 3], [2, 4, 6])
offsets = ax.collections[0].get_offsets()
assert np.allclose(offsets, [[1, 2], [2, 4], [3, 6]])
assert offsets.shape == (3, 2) and offsets[:, 1].max() == 6
