# ruff: noqa
# fmt: off
"""Functions of the learner in numerical routines, SciPy's results, sparse matrices, random numbers."""

# === longer than a page
# %% teacher
import numpy as np
# %% solution
def cumulative(x):
    return np.cumsum(x, axis=0)
# %% wrong
def cumulative(x):
    return np.cumsum(x)
# %% test
big = np.ones((1000, 300))
assert cumulative(big).shape == big.shape and cumulative(big)[-1, -1] == 1000.0

# === the learner's function in np.vectorize, apply_along_axis and fromfunction
# %% teacher
import numpy as np
# %% solution
def step(x):
    return 1.0 if x > 0 else 0.0
def spread(row):
    return row.max() - row.min()
# %% wrong
def step(x):
    return 1.0 if x >= 0 else 0.0
def spread(row):
    return row.max() + row.min()
# %% test
assert np.vectorize(step)(np.array([-1, 0, 2])).tolist() == [0, 0, 1]
assert np.array([step(x) for x in np.linspace(-1, 1, 5)]).sum() == 2
# %% test
assert np.apply_along_axis(spread, 1, np.array([[1, 5], [2, 2]])).tolist() == [4, 0]

# === a gradient check of the learner's functions
# %% teacher
import numpy as np
def numerical_gradient(f, x, step=1e-5):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        gradient[i] = (f(up) - f(down)) / (2 * step)
    return gradient
# %% solution
def f(x):
    return np.sum(x ** 3)
def df(x):
    return 3 * x ** 2
# %% wrong
def f(x):
    return np.sum(x ** 3)
def df(x):
    return 3 * x
# %% test
x = np.array([[0.5, -1.0], [2.0, 0.1]])
assert np.allclose(numerical_gradient(f, x), df(x), atol=1e-6)
assert np.allclose(numerical_gradient(lambda x: f(2 * x), x), 8 * df(x), atol=1e-4)

# === the learner's function in SciPy's routines
# %% teacher
import numpy as np
from scipy import integrate, optimize
# %% solution
def bowl(w):
    return (w[0] - 1) ** 2 + 10 * (w[1] + 2) ** 2
def density(x):
    return np.exp(-x ** 2 / 2) / np.sqrt(2 * np.pi)
# %% wrong
def bowl(w):
    return (w[0] + 1) ** 2 + 10 * (w[1] + 2) ** 2
def density(x):
    return np.exp(-x ** 2 / 2)
# %% test
assert np.allclose(optimize.minimize(bowl, [0.0, 0.0]).x, [1, -2], atol=1e-3)
# %% test
area, _ = integrate.quad(density, -8, 8)
assert abs(area - 1) < 1e-9 and abs(optimize.brentq(lambda x: density(x) - 0.2, 0, 5) - 1.17512) < 1e-4

# === results of SciPy's own kinds
# %% teacher
import numpy as np
from scipy import stats
# %% solution
def compare(a, b):
    return stats.ttest_ind(a, b)
def line(x, y):
    return stats.linregress(x, y)
# %% wrong
def compare(a, b):
    return stats.ttest_rel(a, b)
def line(x, y):
    return stats.linregress(y, x)
# %% test
a, b = np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 3.0, 4.0, 7.0])
t, p = compare(a, b)
assert abs(t - stats.ttest_ind(a, b)[0]) < 1e-12 and compare(a, b).pvalue == p
# %% test
fit = line(np.arange(4.0), 3 * np.arange(4.0) + 1)
assert abs(fit.slope - 3) < 1e-12 and abs(fit.intercept - 1) < 1e-12

# === sparse matrices
# %% teacher
import numpy as np
from scipy import sparse
# %% solution
def bag_of_words(rows, columns, shape):
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
# %% wrong
def bag_of_words(rows, columns, shape):
    return sparse.csr_matrix((np.ones(len(rows)), (columns, rows)), shape=shape)
# %% wrong
def bag_of_words(rows, columns, shape):
    return np.zeros(shape)
# %% test
bag = bag_of_words([0, 0, 1], [2, 2, 0], (3, 3))
assert sparse.issparse(bag) and bag.nnz == 2 and bag.shape == (3, 3)
assert bag.toarray()[0, 2] == 2 and bag.sum() == 3

# === a sparse matrix as an argument
# %% teacher
import numpy as np
from scipy import sparse
# %% solution
def row_norms(matrix):
    return np.sqrt(matrix.multiply(matrix).sum(axis=1))
# %% wrong
def row_norms(matrix):
    return matrix.sum(axis=1)
# %% test
norms = row_norms(sparse.csr_matrix([[3.0, 4.0], [0.0, 2.0]]))
assert np.allclose(np.ravel(norms), [5, 2])

# === a random generator passed in
# %% teacher
import numpy as np
# %% solution
def noisy(x, rng):
    return x + rng.normal(size=x.shape)
# %% wrong
def noisy(x, rng):
    return x + rng.uniform(size=x.shape)
# %% wrong
def noisy(x, rng):
    return x + np.random.normal(size=x.shape)
# %% test
x = np.zeros(3)
assert np.array_equal(noisy(x, np.random.default_rng(7)), np.random.default_rng(7).normal(size=3))
rng, twin = np.random.default_rng(1), np.random.default_rng(1)
noisy(x, rng), twin.normal(size=3)
assert rng.normal() == twin.normal()

# === the teacher's cells draw without a seed
# %% teacher
import random
import numpy as np
data = np.random.normal(size=100)
letters = [random.choice("abc") for _ in range(9)]
# %% solution
mean = data.mean()
most = max(letters)
# %% wrong
mean = np.median(data)
most = max(letters)
# %% wrong
mean = data.mean()
most = "d"
# %% test
assert abs(mean - data.mean()) < 1e-12
assert most == max(letters)
# %% teacher
more = np.random.rand(4)
# %% solution
total = more.sum()
# %% wrong
total = data.sum()
# %% test
assert np.isclose(total, more.sum())

# === np.random.seed before a call
# %% teacher
import random
import numpy as np
# %% solution
def sample(n):
    return np.random.rand(n)
def roll():
    return random.randint(1, 6)
# %% wrong
def sample(n):
    return np.random.randn(n)
def roll():
    return random.randint(0, 5)
# %% test
np.random.seed(3)
expected = np.random.rand(4)
np.random.seed(3)
assert np.allclose(sample(4), expected)
# %% test
random.seed(10)
expected = [random.randint(1, 6) for _ in range(5)]
random.seed(10)
assert [roll() for _ in range(5)] == expected

# === statistics of random results
# %% teacher
import numpy as np
# %% solution
def he_normal(fan_in, fan_out, seed):
    return np.random.default_rng(seed).normal(scale=np.sqrt(2 / fan_in), size=(fan_in, fan_out))
# %% wrong
def he_normal(fan_in, fan_out, seed):
    return np.random.default_rng(seed).normal(scale=2 / fan_in, size=(fan_in, fan_out))
# %% wrong
def he_normal(fan_in, fan_out, seed):
    return np.random.default_rng(0).normal(scale=np.sqrt(2 / fan_in), size=(fan_in, fan_out))
# %% test
kernel = he_normal(200, 300, seed=1)
assert abs(kernel.std() - 0.1) < 0.002 and abs(kernel.mean()) < 0.002
assert np.array_equal(kernel, he_normal(200, 300, seed=1)) and not np.array_equal(kernel, he_normal(200, 300, seed=2))

# === a polynomial comes back
# %% teacher
import numpy as np
# %% solution
def fit(x, y):
    return np.poly1d(np.polyfit(x, y, 2))
# %% wrong
def fit(x, y):
    return np.poly1d(np.polyfit(x, y, 1))
# %% test
p = fit(np.arange(5), np.arange(5) ** 2)
assert np.allclose(p(3), 9) and p.order == 2 and np.allclose(p.coeffs, [1, 0, 0], atol=1e-9)
assert np.allclose(p(np.array([1, 2])), [1, 4]) and np.allclose((p - np.poly1d([1, 0, 0]))(5), 0, atol=1e-8)
