"""Chapter 05's exercises against answers written apart from their declarations, as people write them."""

import inspect
import types
from dataclasses import dataclass, field

import numpy as np
import pytest

from course_lib import notebook, optimizers, surfaces
from course_lib.checking.exercise import readings
from course_lib.checking.judge import judge
from course_lib.checking.observe import observe
from course_lib.exercises import find, of_chapter
from course_lib.exercises.optimizers import AdadeltaWithABug, racing

# This file is written in the ways of many people: with zip as they know it, and loops where there could be none.
# ruff: noqa: B905


@pytest.fixture(scope="module", autouse=True)
def keras():
    """Keras, imported before any answer's time is taken."""
    import keras

    return keras


def report_on(name, answer, seed=0):
    exercise = find(name)
    return judge(exercise, observe(exercise, answer, seed), seed, points=1.0)


# --- right answers


def minibatches_of_a_tutorial(order, batch_size):
    batches = []
    for i in range(0, order.shape[0], batch_size):
        j = min(i + batch_size, order.shape[0])
        batches.append(order[i:j].tolist())
    return batches


def minibatches_by_divmod(order, batch_size):
    full, rest = divmod(len(order), batch_size)
    batches = list(order[: full * batch_size].reshape(full, batch_size))
    return [*batches, order[-rest:]] if rest else batches


def minibatches_by_recursion(order, batch_size):
    if len(order) == 0:
        return []
    return [order[:batch_size], *minibatches_by_recursion(order[batch_size:], batch_size)]


def gradient_descent_closed_over_its_rate(learning_rate):
    def step(weights, gradients):
        return [w - learning_rate * g for w, g in zip(weights, gradients)]

    return types.SimpleNamespace(step=step)


@dataclass
class GradientDescentData:
    learning_rate: float

    def step(self, weights, gradients):
        return [np.array(w - self.learning_rate * g, dtype=np.float32) for w, g in zip(weights, gradients)]


class MomentumInit:
    def __init__(self, learning_rate=0.01, momentum=0.9):
        self.lr = learning_rate
        self.momentum = momentum
        self.v = None

    def step(self, params, grads):
        if self.v is None:
            self.v = []
            for p in params:
                self.v.append(np.zeros_like(p))
        for i in range(len(params)):
            self.v[i] = self.momentum * self.v[i] - self.lr * grads[i]
            params[i] += self.v[i]
        return params


def momentum_closed_over_state(learning_rate, momentum):
    velocity = {}

    def step(weights, gradients):
        for key, gradient in enumerate(gradients):
            velocity[key] = momentum * velocity.get(key, 0) + gradient
        return [weight - learning_rate * velocity[key] for key, weight in enumerate(weights)]

    return types.SimpleNamespace(step=step)


class MomentumOnTheCourse(optimizers.Optimizer):
    """The base class of the course does the bookkeeping."""

    initial_slots = (0,)

    def __init__(self, learning_rate, momentum):
        super().__init__(learning_rate)
        self.momentum = momentum

    def _update(self, weight, gradient, velocity):
        velocity[...] = self.momentum * velocity + self.learning_rate * gradient
        weight -= velocity


class NesterovOfLectures:
    def __init__(self, learning_rate, momentum):
        self.learning_rate, self.mu, self.v = learning_rate, momentum, {}

    def step(self, x, dx):
        x = list(x)
        for i in range(len(x)):
            v_prev = self.v.get(i, np.zeros(x[i].shape))
            v = self.mu * v_prev - self.learning_rate * dx[i]
            x[i] = x[i] + -self.mu * v_prev + (1 + self.mu) * v
            self.v[i] = v
        return x


@dataclass
class AdagradData:
    learning_rate: float
    epsilon: float = 1e-8
    cache: dict = field(default_factory=dict)

    def step(self, weights, gradients):
        new = []
        for i, (x, dx) in enumerate(zip(weights, gradients)):
            self.cache[i] = self.cache.get(i, 0.1) + dx**2
            new.append(x - self.learning_rate * dx / (np.sqrt(self.cache[i]) + self.epsilon))
        return new


class RMSPropOfLectures:
    def __init__(self, learning_rate=0.01, rho=0.99, epsilon=1e-8):
        self.learning_rate, self.decay_rate, self.eps = learning_rate, rho, epsilon
        self.cache = []

    def step(self, x, dx):
        if len(self.cache) == 0:
            self.cache = [0.0 for _ in x]
        for i in range(len(x)):
            self.cache[i] = self.decay_rate * self.cache[i] + (1 - self.decay_rate) * dx[i] ** 2
            x[i] += -self.learning_rate * dx[i] / (np.sqrt(self.cache[i]) + self.eps)
        return x


class AdamLazily:
    """`t` is a class attribute, which `self.t += 1` makes an attribute of the object."""

    t = 0
    m = None
    v = None

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
        self.lr = learning_rate
        self.beta1 = beta_1
        self.beta2 = beta_2
        self.eps = epsilon

    def step(self, params, grads):
        if self.m is None:
            self.m, self.v = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
        self.t += 1
        lr_t = self.lr * np.sqrt(1.0 - self.beta2**self.t) / (1.0 - self.beta1**self.t)
        for i in range(len(params)):
            self.m[i] += (1 - self.beta1) * (grads[i] - self.m[i])
            self.v[i] += (1 - self.beta2) * (grads[i] ** 2 - self.v[i])
            params[i] -= lr_t * self.m[i] / (np.sqrt(self.v[i]) + self.eps)
        return params


def adam_closed_over_state(learning_rate, beta_1, beta_2, epsilon):
    t, m, v = 0, {}, {}

    def one(i, theta, g):
        m[i] = beta_1 * m.get(i, 0) + (1 - beta_1) * g
        v[i] = beta_2 * v.get(i, 0) + (1 - beta_2) * g * g
        m_hat, v_hat = m[i] / (1 - beta_1**t), v[i] / (1 - beta_2**t)
        return theta - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)

    def step(weights, gradients):
        nonlocal t
        t += 1
        return [one(i, theta, g) for i, (theta, g) in enumerate(zip(weights, gradients))]

    return types.SimpleNamespace(step=step)


class AdamWithHelpers:
    """Each weight has an object of its own."""

    class OfOneWeight:
        def __init__(self, settings):
            self.settings, self.moments, self.t = settings, np.zeros(2, dtype=object), 0

        def step(self, w, g):
            rate, beta_1, beta_2, epsilon = self.settings
            self.t += 1
            self.moments = [
                b * old + (1 - b) * new for b, old, new in zip((beta_1, beta_2), self.moments, (g, g**2))
            ]  # fmt: skip
            m, v = (mean / (1 - b**self.t) for b, mean in zip((beta_1, beta_2), self.moments))
            return w - rate * m / np.sqrt(v + epsilon)

    def __init__(self, learning_rate, beta_1, beta_2, epsilon):
        self.settings, self.parts = (learning_rate, beta_1, beta_2, epsilon), {}

    def step(self, weights, gradients):
        return [
            self.parts.setdefault(i, self.OfOneWeight(self.settings)).step(w, g)
            for i, (w, g) in enumerate(zip(weights, gradients))
        ]


class AdamWOnTheCoursesAdam(optimizers.Adam):
    def __init__(self, learning_rate, weight_decay, **betas):
        super().__init__(learning_rate, **betas)
        self.decay = weight_decay

    def step(self, weights, gradients):
        return super().step([w - self.learning_rate * self.decay * w for w in weights], gradients)


class AdamWDecayedAfterwards(AdamLazily):
    def __init__(self, learning_rate, weight_decay, **betas):
        super().__init__(learning_rate, **betas)
        self.wd = weight_decay

    def step(self, params, grads):
        return [p - self.lr * self.wd * p for p in super().step(params, grads)]


class AdamWAllInOne(AdamWDecayedAfterwards):
    def step(self, params, grads):
        old = [p.copy() for p in params]
        return [p - self.lr * self.wd * o for p, o in zip(AdamLazily.step(self, params, grads), old)]


class AdadeltaOfThePaper:
    def __init__(self, learning_rate=1.0, rho=0.95, epsilon=1e-6):
        self.rate, self.rho, self.epsilon, self.state = learning_rate, rho, epsilon, None

    def step(self, weights, gradients):
        state = self.state or [(np.zeros(w.shape), np.zeros(w.shape)) for w in weights]
        self.state, new = [], []
        for (eg2, edx2), x, g in zip(state, weights, gradients):
            eg2 = self.rho * eg2 + (1 - self.rho) * g**2
            dx = -(np.sqrt(edx2 + self.epsilon) / np.sqrt(eg2 + self.epsilon)) * g
            edx2 = self.rho * edx2 + (1 - self.rho) * dx**2
            self.state.append((eg2, edx2))
            new.append(x + self.rate * dx)
        return new


def with_keras(name, **fixed):
    """An answer that lets Keras do the work, in float32 as Keras does."""

    class WithKeras:
        def __init__(self, **settings):
            import keras

            self.optimizer = getattr(keras.optimizers, name)(**settings, **fixed)
            self.variables = None

        def step(self, weights, gradients):
            import keras

            if self.variables is None:
                self.variables = [keras.Variable(w, dtype="float32") for w in weights]
            for variable, weight in zip(self.variables, weights):
                variable.assign(weight)
            self.optimizer.apply([keras.ops.convert_to_tensor(g, "float32") for g in gradients], self.variables)
            return [variable.numpy() for variable in self.variables]

    return WithKeras


def race_with_capitals_and_near_misses():
    return {"largest_rate": 0.0395, "best_momentum": np.float32(0.8), "escape": " Adam", "stuck": "Nobody"}


def race_with_text_for_numbers():
    return {"largest_rate": "0.041", "best_momentum": "0.80", "escape": "ADAM", "stuck": "nobody"}


def quiz_in_capitals():
    return {"noise": "B", "momentum": "C", "adagrad": "D", "correction": "A", "decay": "B", "epsilon": "C"}


RIGHT = {
    "minibatches": [minibatches_of_a_tutorial, minibatches_by_divmod, minibatches_by_recursion],
    "GradientDescent": [gradient_descent_closed_over_its_rate, GradientDescentData, with_keras("SGD")],
    "Momentum": [MomentumInit, momentum_closed_over_state, MomentumOnTheCourse, with_keras("SGD")],
    "Nesterov": [NesterovOfLectures, with_keras("SGD", nesterov=True)],
    "Adagrad": [AdagradData, with_keras("Adagrad")],
    "RMSprop": [RMSPropOfLectures, with_keras("RMSprop")],
    "Adam": [AdamLazily, adam_closed_over_state, AdamWithHelpers, with_keras("Adam")],
    "AdamW": [AdamWOnTheCoursesAdam, AdamWDecayedAfterwards, AdamWAllInOne, with_keras("AdamW")],
    "RepairedAdadelta": [AdadeltaOfThePaper, with_keras("Adadelta")],
    "race_questions": [race_with_capitals_and_near_misses, race_with_text_for_numbers],
    "quiz_optimizers": [quiz_in_capitals],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_a_right_answer_of_somebody_else_passes(name, answer):
    for seed in range(3):
        report = report_on(name, answer, seed)
        assert report.passed, f"seed {seed}:\n{report}"


# --- wrong answers, and which mistake must be named


def minibatches_of_whole_batches(order, batch_size):
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(len(order) // batch_size)]


def minibatches_with_an_extra_round(order, batch_size):
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(len(order) // batch_size + 1)]


def minibatches_with_inclusive_ends(order, batch_size):
    return [order[i : i + batch_size + 1] for i in range(0, len(order), batch_size)]


def minibatches_by_range_of_count(order, batch_size):
    return [order[k::batch_size] for k in range(batch_size)]


def minibatches_of_positions(order, batch_size):
    return [np.arange(i, min(i + batch_size, len(order))) for i in range(0, len(order), batch_size)]


def minibatches_wrapping_round(order, batch_size):
    doubled = np.concatenate([order] * (batch_size + 1))
    return [doubled[i : i + batch_size] for i in range(0, len(order), batch_size)]


def minibatches_as_a_generator(order, batch_size):
    for i in range(0, len(order), batch_size):
        yield order[i : i + batch_size]


def minibatches_shuffled_once_more(order, batch_size):
    return minibatches_of_a_tutorial(np.random.permutation(order), batch_size)


class Plain:
    """What the next ones have in common: arguments become attributes."""

    def __init__(self, **arguments):
        self.__dict__.update(arguments)


class DescentUphill(Plain):
    def step(self, weights, gradients):
        return [w + self.learning_rate * g for w, g in zip(weights, gradients)]


class DescentOfOne(Plain):
    def step(self, weights, gradients):
        for w, g in zip(weights, gradients):
            new = [w - self.learning_rate * g]
            return new


class DescentOfTheFirst(Plain):
    def step(self, weights, gradients):
        weights[0] = weights[0] - self.learning_rate * gradients[0]
        return weights


class DescentByTheMeanOverWeights(Plain):
    def step(self, weights, gradients):
        n = len(weights)
        return [w - self.learning_rate / n * g for w, g in zip(weights, gradients)]


class DescentByMeans(Plain):
    def step(self, weights, gradients):
        return [w - self.learning_rate * g.mean() for w, g in zip(weights, gradients)]


class DescentAtAFixedRate:
    def __init__(self, learning_rate):
        self.lr = 0.01

    def step(self, weights, gradients):
        return [w - self.lr * g for w, g in zip(weights, gradients)]


class DescentThatReturnsNothing(Plain):
    def step(self, weights, gradients):
        for i in range(len(weights)):
            weights[i] -= self.learning_rate * gradients[i]


class DescentOnLists(Plain):
    def step(self, weights, gradients):
        return weights - self.learning_rate * gradients


class MomentumAsAnExponentialMean:
    def __init__(self, learning_rate, momentum):
        self.alpha, self.beta, self.v = learning_rate, momentum, {}

    def step(self, weights, gradients):
        out = []
        for i, (w, dw) in enumerate(zip(weights, gradients)):
            self.v[i] = self.beta * self.v.get(i, 0) + (1 - self.beta) * dw
            out.append(w - self.alpha * self.v[i])
        return out


class MomentumWithOneVelocity:
    velocity = 0

    def __init__(self, learning_rate, momentum):
        self.learning_rate, self.momentum = learning_rate, momentum

    def step(self, weights, gradients):
        new = []
        for w, g in zip(weights, gradients):
            self.velocity = self.momentum * self.velocity - self.learning_rate * g
            new.append(w + self.velocity)
        return new


class MomentumMadeAnew(Plain):
    def step(self, weights, gradients):
        v = [np.zeros_like(w) for w in weights]
        for i, g in enumerate(gradients):
            v[i] = self.momentum * v[i] - self.learning_rate * g
        return [w + v_i for w, v_i in zip(weights, v)]


class MomentumUphill(MomentumInit):
    def step(self, params, grads):
        return super().step(params, [-g for g in grads])


class MomentumSteppingFirst(Plain):
    v = None

    def step(self, weights, gradients):
        v = self.v or [0 * w for w in weights]
        new = [w + v_i for w, v_i in zip(weights, v)]
        self.v = [self.momentum * v_i - self.learning_rate * g for v_i, g in zip(v, gradients)]
        return new


class MomentumOfTheClass:
    """The dict belongs to the class, so all optimizers write into it."""

    velocity = {}  # noqa: RUF012 - the mistake

    def __init__(self, learning_rate, momentum):
        self.learning_rate, self.momentum = learning_rate, momentum

    def step(self, weights, gradients):
        new = []
        for i, (w, g) in enumerate(zip(weights, gradients)):
            old = self.velocity.get((i, w.shape), np.zeros_like(w))
            self.velocity[i, w.shape] = self.momentum * old - self.learning_rate * g
            new.append(w + self.velocity[i, w.shape])
        return new


class MomentumByShape(Plain):
    """Weights of one shape share a velocity."""

    def step(self, weights, gradients):
        self.v = getattr(self, "v", {})
        new = []
        for w, g in zip(weights, gradients):
            self.v[w.shape] = self.momentum * self.v.get(w.shape, 0) - self.learning_rate * g
            new.append(w + self.v[w.shape])
        return new


class NesterovThatIsPlain(MomentumInit):
    pass


class NesterovWithoutTheGradient(Plain):
    v = None

    def step(self, weights, gradients):
        v = self.v or [0 * w for w in weights]
        self.v = [self.momentum * v_i - self.learning_rate * g for v_i, g in zip(v, gradients)]
        return [w + self.momentum * v_i for w, v_i in zip(weights, self.v)]


class NesterovOfTwoVelocities(Plain):
    """The lecture's line with 1 for 1 + μ, after which nothing is left of the velocity."""

    v = None

    def step(self, weights, gradients):
        old = self.v or [0 * w for w in weights]
        self.v = [self.momentum * v_i - self.learning_rate * g for v_i, g in zip(old, gradients)]
        return [w - self.momentum * o + v_i for w, o, v_i in zip(weights, old, self.v)]


class AdagradFromZero(Plain):
    accumulated = None

    def step(self, weights, gradients):
        if self.accumulated is None:
            self.accumulated = [np.zeros_like(w) for w in weights]
        for a, g in zip(self.accumulated, gradients):
            a += g**2
        return [
            w - self.learning_rate * g / np.sqrt(a + self.epsilon)
            for w, g, a in zip(weights, gradients, self.accumulated)
        ]


class AdagradFromZeroEpsilonOutside(AdagradFromZero):
    """As in most tutorials."""

    def step(self, weights, gradients):
        super().step(weights, gradients)
        return [
            w - self.learning_rate * g / (np.sqrt(a) + self.epsilon)
            for w, g, a in zip(weights, gradients, self.accumulated)
        ]


class AdagradThatForgets(AdagradData):
    def step(self, weights, gradients):
        for i, g in enumerate(gradients):
            self.cache[i] = 0.9 * self.cache.get(i, 0.1) + 0.1 * g**2
        return [
            w - self.learning_rate * g / (np.sqrt(self.cache[i]) + self.epsilon)
            for i, (w, g) in enumerate(zip(weights, gradients))
        ]


class AdagradWithoutARoot(AdagradData):
    def step(self, weights, gradients):
        for i, g in enumerate(gradients):
            self.cache[i] = self.cache.get(i, 0.1) + g**2
        return [
            w - self.learning_rate * g / (self.cache[i] + self.epsilon)
            for i, (w, g) in enumerate(zip(weights, gradients))
        ]


class AdagradWithOneSum(Plain):
    accumulator = 0.1

    def step(self, weights, gradients):
        new = []
        for w, g in zip(weights, gradients):
            self.accumulator = self.accumulator + g**2
            new.append(w - self.learning_rate * g / np.sqrt(self.accumulator + self.epsilon))
        return new


class RMSpropSwapped(RMSPropOfLectures):
    def __init__(self, learning_rate, rho, epsilon):
        super().__init__(learning_rate, 1 - rho, epsilon)


class RMSpropThatIsAdagrad(AdagradFromZero):
    pass


class RMSpropWithCorrection(Plain):
    t = 0
    s = ()

    def step(self, weights, gradients):
        self.t += 1
        old = self.s or [0] * len(weights)
        self.s = [self.rho * s + (1 - self.rho) * g**2 for s, g in zip(old, gradients)]
        return [
            w - self.learning_rate * g / np.sqrt(s / (1 - self.rho**self.t) + self.epsilon)
            for w, g, s in zip(weights, gradients, self.s)
        ]


class RMSpropWithoutEpsilon(RMSPropOfLectures):
    def __init__(self, learning_rate, rho, epsilon):
        super().__init__(learning_rate, rho, 0.0)


class AdamOfATutorial:
    """With its mistakes as keyword arguments of the class statement."""

    def __init_subclass__(cls, tick="once", corrected=True, power=True, bracket=True, squared=True):
        cls.how = tick, corrected, power, bracket, squared

    how = ("once", True, True, True, True)

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
        self.lr, self.b1, self.b2, self.eps = learning_rate, beta_1, beta_2, epsilon
        self.m, self.v, self.t = {}, {}, 0

    def step(self, weights, gradients):
        tick, corrected, power, bracket, squared = self.how
        if tick == "once":
            self.t += 1
        for i in range(len(weights)):
            if tick == "each":
                self.t += 1
            g = gradients[i]
            self.m[i] = self.b1 * self.m.get(i, 0) + (1 - self.b1) * g
            self.v[i] = self.b2 * self.v.get(i, 0) + (1 - self.b2) * (g**2 if squared else g)
            m, v = self.m[i], self.v[i]
            if corrected:
                m = m / (1 - (self.b1**self.t if power else self.b1))
                v = v / (1 - (self.b2**self.t if power else self.b2))
            if bracket:
                weights[i] -= self.lr * m / (np.sqrt(v) + self.eps)
            else:
                weights[i] = weights[i] - self.lr * m / np.sqrt(v) + self.eps
        if tick == "after":
            self.t += 1
        return weights


class AdamUncorrected(AdamOfATutorial, corrected=False):
    pass


class AdamOfOnePower(AdamOfATutorial, power=False):
    pass


class AdamTickingForEach(AdamOfATutorial, tick="each"):
    pass


class AdamTickingAfterwards(AdamOfATutorial, tick="after"):
    pass


class AdamWithoutABracket(AdamOfATutorial, bracket=False):
    pass


class AdamWithoutASquare(AdamOfATutorial, squared=False):
    pass


class AdamWithTicksThatNeverCame(AdamOfATutorial, tick="never"):
    def __init__(self, **settings):
        super().__init__(**settings)
        self.t = 1


class AdamUncorrectedInKerasForm(AdamOfATutorial, corrected=False, tick="each"):
    """Two mistakes at once, of which one does not show: without a correction nobody sees t."""


class AdamSubtractingABareEpsilon(AdamOfATutorial):
    def step(self, weights, gradients):
        self.t += 1
        for i, g in enumerate(gradients):
            self.m[i] = self.b1 * self.m.get(i, 0) + (1 - self.b1) * g
            self.v[i] = self.b2 * self.v.get(i, 0) + (1 - self.b2) * g**2
            m, v = self.m[i] / (1 - self.b1**self.t), self.v[i] / (1 - self.b2**self.t)
            weights[i] -= self.lr * m / np.sqrt(v) + self.eps
        return weights


class AdamOfScalars:
    """m and v are one number, then one array, for all weights."""

    m = v = t = 0

    def __init__(self, learning_rate, beta_1, beta_2, epsilon):
        self.lr, self.b1, self.b2, self.eps = learning_rate, beta_1, beta_2, epsilon

    def step(self, weights, gradients):
        self.t += 1
        new = []
        for w, g in zip(weights, gradients):
            self.m = self.b1 * self.m + (1 - self.b1) * g
            self.v = self.b2 * self.v + (1 - self.b2) * g**2
            m, v = self.m / (1 - self.b1**self.t), self.v / (1 - self.b2**self.t)
            new.append(w - self.lr * m / (np.sqrt(v) + self.eps))
        return new


class AdamThatKeepsItsHats(AdamOfATutorial):
    def step(self, weights, gradients):
        self.t += 1
        for i, g in enumerate(gradients):
            self.m[i] = (self.b1 * self.m.get(i, 0) + (1 - self.b1) * g) / (1 - self.b1**self.t)
            self.v[i] = (self.b2 * self.v.get(i, 0) + (1 - self.b2) * g**2) / (1 - self.b2**self.t)
            weights[i] = weights[i] - self.lr * self.m[i] / (np.sqrt(self.v[i]) + self.eps)
        return weights


class AdamSwapped(AdamOfATutorial):
    def __init__(self, learning_rate, beta_1, beta_2, epsilon):
        super().__init__(learning_rate, beta_2, beta_1, epsilon)


class AdamWWithL2(AdamOfATutorial):
    def __init__(self, learning_rate, weight_decay, **betas):
        super().__init__(learning_rate, **betas)
        self.wd = weight_decay

    def step(self, weights, gradients):
        return super().step(weights, [g + self.wd * w for w, g in zip(weights, gradients)])


class AdamWWithKerasFormAndL2(AdamLazily):
    def __init__(self, learning_rate, weight_decay, **betas):
        super().__init__(learning_rate, **betas)
        self.wd = weight_decay

    def step(self, weights, gradients):
        return super().step(weights, [g + self.wd * w for w, g in zip(weights, gradients)])


class AdamWWithoutTheRate(AdamWWithL2):
    def step(self, weights, gradients):
        return AdamOfATutorial.step(self, [w - self.wd * w for w in weights], gradients)


class AdamWThatDecaysNothing(AdamWWithL2):
    def step(self, weights, gradients):
        return AdamOfATutorial.step(self, weights, gradients)


class AdamWThatSparesBiases(AdamWWithL2):
    def step(self, weights, gradients):
        kept = [w * (1 - self.lr * self.wd) if w.ndim > 1 else w for w in weights]
        return AdamOfATutorial.step(self, kept, gradients)


class AdamWDividingTheDecay(AdamWWithL2):
    def step(self, weights, gradients):
        new = []
        self.t += 1
        for i, (w, g) in enumerate(zip(weights, gradients)):
            self.m[i] = self.b1 * self.m.get(i, 0) + (1 - self.b1) * g
            self.v[i] = self.b2 * self.v.get(i, 0) + (1 - self.b2) * g**2
            m_hat, v_hat = self.m[i] / (1 - self.b1**self.t), self.v[i] / (1 - self.b2**self.t)
            new.append(w - self.lr * (m_hat + self.wd * w) / (np.sqrt(v_hat) + self.eps))
        return new


class AdadeltaWithOneLineLess(AdadeltaOfThePaper):
    def step(self, weights, gradients):
        new = super().step(weights, gradients)
        self.state = [(eg2, 0 * edx2) for eg2, edx2 in self.state]
        return new


class AdadeltaWithTheRateInside(AdadeltaOfThePaper):
    def step(self, weights, gradients):
        state = self.state or [(0.0, 0.0)] * len(weights)
        self.state, new = [], []
        for (eg2, edx2), x, g in zip(state, weights, gradients):
            eg2 = self.rho * eg2 + (1 - self.rho) * g**2
            dx = -self.rate * np.sqrt(edx2 + self.epsilon) / np.sqrt(eg2 + self.epsilon) * g
            self.state.append((eg2, self.rho * edx2 + (1 - self.rho) * dx**2))
            new.append(x + dx)
        return new


class AdadeltaWithoutARate(AdadeltaOfThePaper):
    def __init__(self, learning_rate, rho, epsilon):
        super().__init__(1.0, rho, epsilon)


def race_with_first_guesses():
    return {"largest_rate": 0.02, "best_momentum": 0.9, "escape": "Momentum", "stuck": "Adam"}


def race_read_off_too_soon():
    return {"largest_rate": 0.035, "best_momentum": 0.8, "escape": "adam", "stuck": "nobody"}


def race_left_out():
    return {"best_momentum": 0.8, "escape": "adam", "stuck": None}


def quiz_with_two_wrong():
    return quiz_in_capitals() | {"momentum": "d", "epsilon": "a"}


# What must be named; after a name, that it is only likely, or a part of the message where no mistake has a name.
WRONG = [
    ("minibatches", minibatches_of_whole_batches, "drop_last"),
    ("minibatches", minibatches_with_an_extra_round, "minibatches_last_alone"),
    ("minibatches", minibatches_with_inclusive_ends, "overlapping"),
    ("minibatches", minibatches_of_positions, "positions"),
    ("minibatches", minibatches_wrapping_round, "pad_last"),
    ("GradientDescent", DescentUphill, "uphill"),
    ("GradientDescent", DescentOfOne, "returns_first"),
    ("GradientDescent", DescentOfTheFirst, "first_only"),
    ("GradientDescent", DescentByTheMeanOverWeights, "divided"),
    ("GradientDescent", DescentByMeans, "mean_element"),
    ("GradientDescent", DescentAtAFixedRate, "fixed_rate"),
    ("Momentum", MomentumAsAnExponentialMean, "mean"),
    ("Momentum", MomentumWithOneVelocity, "shared"),
    ("Momentum", MomentumMadeAnew, "forgotten"),
    ("Momentum", MomentumUphill, "uphill"),
    ("Momentum", MomentumSteppingFirst, "late"),
    ("Momentum", NesterovOfLectures, "nesterov"),
    ("Nesterov", NesterovThatIsPlain, "plain_momentum"),
    ("Nesterov", NesterovWithoutTheGradient, "no_gradient"),
    ("Nesterov", NesterovOfTwoVelocities, "no_velocity"),
    ("Adagrad", AdagradFromZero, "from_zero"),
    ("Adagrad", AdagradWithoutARoot, "no_root"),
    ("Adagrad", AdagradWithOneSum, "shared"),
    ("RMSprop", RMSpropThatIsAdagrad, "sum"),
    ("RMSprop", RMSpropWithCorrection, "corrected"),
    ("RMSprop", RMSpropWithoutEpsilon, "no_epsilon"),
    ("Adam", AdamUncorrected, "no_correction"),
    ("Adam", AdamOfOnePower, "t_stays_1"),
    ("Adam", AdamWithTicksThatNeverCame, "t_stays_1"),
    ("Adam", AdamTickingForEach, "t_per_weight"),
    ("Adam", AdamTickingAfterwards, "t_from_0"),
    ("Adam", AdamWithoutABracket, "epsilon_on_weight"),
    ("Adam", AdamSubtractingABareEpsilon, "epsilon_off_weight"),
    ("Adam", AdamWithoutASquare, "not_squared"),
    ("Adam", AdamOfScalars, "shared"),
    ("Adam", AdamThatKeepsItsHats, "kept_corrected"),
    ("Adam", AdamSwapped, "swapped"),
    ("Adam", AdamUncorrectedInKerasForm, "no_correction"),
    ("AdamW", AdamWWithL2, "l2"),
    ("AdamW", AdamWWithoutTheRate, "without_rate"),
    ("AdamW", AdamWThatDecaysNothing, "no_decay"),
    ("AdamW", AdamWThatSparesBiases, "not_biases"),
    ("AdamW", AdamWDividingTheDecay, "divided"),
    ("RepairedAdadelta", AdadeltaWithABug, "AdadeltaWithABug"),
    ("RepairedAdadelta", AdadeltaWithOneLineLess, "never_renewed"),
    ("RepairedAdadelta", AdadeltaWithTheRateInside, "scaled"),
    ("RepairedAdadelta", AdadeltaWithoutARate, "no_rate"),
    (
        "race_questions",
        race_with_first_guesses,
        "largest_rate_0.02 + best_momentum_0.9 + escape_momentum + stuck_adam",
    ),
    ("race_questions", race_read_off_too_soon, "largest_rate_too small"),
    ("quiz_optimizers", quiz_with_two_wrong, "momentum_d + epsilon_a"),
]


@pytest.mark.parametrize(("name", "answer", "mistake"), WRONG)
def test_a_wrong_answer_of_somebody_else_is_refused_and_named(name, answer, mistake):
    for seed in range(3):
        report = report_on(name, answer, seed)
        assert not report.passed and report.points < 1
        assert (report.diagnosis.certainty, report.diagnosis.name) == ("sure", mistake), f"seed {seed}:\n{report}"


# Two mistakes, or one in another convention than the declared one: the right thing is said, if not for sure.
ALSO_WRONG = [
    ("minibatches", minibatches_by_range_of_count, "make `batch_size` batches"),
    ("minibatches", minibatches_as_a_generator, "gives a generator; asked for is a list"),
    ("minibatches", minibatches_shuffled_once_more, "not the expected answer"),
    ("GradientDescent", DescentThatReturnsNothing, "return"),
    ("GradientDescent", DescentOnLists, "TypeError"),
    ("Momentum", MomentumByShape, "share one velocity"),
    ("Adagrad", AdagradFromZeroEpsilonOutside, "starts at 0."),
    ("Adagrad", AdagradThatForgets, "RMSprop"),
    ("RMSprop", RMSpropSwapped, "ρ and 1 − ρ are swapped"),
    ("AdamW", AdamWWithKerasFormAndL2, "L2 penalty"),
    ("race_questions", race_left_out, "no answer"),
]


@pytest.mark.parametrize(("name", "answer", "told"), ALSO_WRONG)
def test_a_wrong_answer_of_another_kind_is_refused_and_explained(name, answer, told):
    for seed in range(3):
        report = report_on(name, answer, seed)
        assert not report.passed and report.points < 1
        assert told in report.message, f"seed {seed}:\n{report}"


def test_every_exercise_meets_foreign_answers():
    names = {exercise.name for exercise in of_chapter("05_optimizers")}
    assert set(RIGHT) == names == {name for name, _, _ in WRONG}


@pytest.mark.parametrize("name", [name for name in RIGHT if name[0].isupper()])
def test_lazy_classes_earn_nothing(name):
    class Lazy(Plain):
        def step(self, weights, gradients):
            return self.result(weights, gradients)

    for result in (
        lambda self, weights, gradients: weights,
        lambda self, weights, gradients: [np.zeros_like(w) for w in weights],
        lambda self, weights, gradients: gradients,
        lambda self, weights, gradients: [],
    ):
        Lazy.result = result
        assert report_on(name, Lazy).points == 0.0


def test_a_step_that_is_not_written_yet_is_told_so():
    class Adam(Plain):
        def step(self, weights, gradients):
            raise NotImplementedError

    assert report_on("Adam", Adam).message.startswith("Not written yet")


def test_a_step_that_returns_nothing_is_told_so():
    for name in ("GradientDescent", "Momentum", "Adam"):
        report = report_on(name, DescentThatReturnsNothing)
        assert (report.diagnosis.certainty, report.diagnosis.name) == ("sure", "returns None"), report


def test_memory_that_belongs_to_the_class_is_seen():
    MomentumOfTheClass.velocity.clear()
    report = report_on("Momentum", MomentumOfTheClass)
    [row] = [row for row in report.rows if "start anew" in row.label]
    assert not row.passed and "remembers" in row.actual


def test_our_own_answers_earn_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path))
    for name, ours in (
        ("GradientDescent", optimizers.SGD),
        ("Momentum", optimizers.SGD),
        ("RMSprop", optimizers.RMSprop),
        ("Adam", optimizers.Adam),
        ("AdamW", optimizers.AdamW),
        ("RepairedAdadelta", optimizers.Adadelta),
        ("Adam", find("Adam").solution),
    ):
        report = notebook.check(name, ours)
        assert report.points == 0 and "own" in report.message


@pytest.mark.parametrize("name", [name for name in RIGHT if name[0].isupper()])
def test_the_solution_that_is_shown_is_a_class_of_that_name_and_passes(name, tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path))
    shown = notebook.solution(name).code
    namespace = {"np": np}
    exec(shown, namespace)
    assert report_on(name, namespace[name]).passed


def test_the_bug_is_one_line():
    buggy, repaired = (
        inspect.getsource(answer).splitlines() for answer in (AdadeltaWithABug, find("RepairedAdadelta").solution)
    )
    pairs = [(old, new) for old, new in zip(buggy[2:], repaired[2:], strict=True) if old != new]
    assert len(pairs) == 1
    assert pairs[0][0].replace("mean_square_gradients", "mean_square_changes") == pairs[0][1]


def test_with_the_bug_steps_never_grow():
    """What the chapter can show of it: down a slope that stays the same, the right one gets faster and faster."""
    last_steps = []
    for answer in (AdadeltaWithABug, find("RepairedAdadelta").solution):
        optimizer, weights = answer(learning_rate=1.0, rho=0.95, epsilon=1e-6), [np.array([0.0])]
        for _ in range(300):
            before = weights[0]
            weights = optimizer.step(weights, [np.array([1.0])])
        last_steps.append(float(before[0] - weights[0][0]))
    with_bug, repaired = last_steps
    # √ε over the root of a mean that is weakened twice a step, and settles at 1 / (1 + ρ) in place of 1.
    assert with_bug == pytest.approx(np.sqrt(1e-6 * 1.95), rel=1e-3)
    assert repaired > 4 * with_bug


# --- the race


def test_the_largest_rate_is_where_runs_begin_to_diverge():
    def last_loss(rate):
        return surfaces.descend(optimizers.SGD(rate), surfaces.BOWL, surfaces.BOWL.start, steps=300)[1][-1]

    at_start = surfaces.BOWL.value(*surfaces.BOWL.start)
    assert last_loss(racing.largest_rate()) <= at_start
    # The neighbors on the slider.
    assert last_loss(0.035) < at_start and not last_loss(0.045) < at_start
    # What is told of 1/50: y arrives in a single step.
    path, _ = surfaces.descend(optimizers.SGD(1 / 50), surfaces.BOWL, surfaces.BOWL.start, steps=1)
    assert path[1, 1] == pytest.approx(0)


def test_the_best_momentum_is_clearly_the_best():
    losses = {
        momentum: surfaces.descend(
            optimizers.SGD(0.01, momentum=momentum), surfaces.BOWL, surfaces.BOWL.start, steps=300
        )[1]
        for momentum in (0, 0.5, 0.8, 0.9, 0.99)
    }
    best = racing.best_momentum()
    assert all(losses[best][150] < 0.01 * losses[other][150] for other in losses if other != best)
    # What is told of the wrong ones.
    first_below = {momentum: int(np.argmax(loss < 0.001)) for momentum, loss in losses.items() if loss.min() < 0.001}
    assert min(first_below, key=first_below.get) == 0.9
    assert 0.99**150 > 0.2


def test_who_leaves_the_saddle_is_clear():
    steps = racing.steps_to_leave(surfaces.SADDLE.start)
    assert sorted(steps, key=steps.get) == ["adam", "momentum", "sgd"]
    assert 2 * steps["adam"] < steps["momentum"] < steps["sgd"] / 2
    assert racing.escape() == "adam" and racing.stuck() == "nobody"


# --- readings, the factory


HEIGHT = {"answer": -5.0, "tolerance": 0.1, "wrong": {-10: "Halve it."}, "too small": "Up.", "too large": "Down."}
COLOR = {"answer": "blue", "wrong": {"red": "Look again."}}


def read(**given):
    exercise = readings("readings", {"height": HEIGHT, "color": COLOR})
    return judge(exercise, observe(exercise, lambda: given, 0), 0)


@pytest.mark.parametrize("height", [-5, -5.5, -4.5, np.float32(-5.2), "-5", np.array(-5.1)])
@pytest.mark.parametrize("color", ["blue", " Blue "])
def test_readings_near_enough_pass(height, color):
    assert read(height=height, color=color).passed


@pytest.mark.parametrize(
    ("height", "told"),
    [
        (-9.5, "height: Halve it."),
        (-20, "height: Up."),
        (-5.6, "height: Up."),
        (-4.4, "height: Down."),
        (1e9, "height: Down."),
        (float("inf"), "height: Down."),
        (float("nan"), "nan"),
        ("high", "high, which is not a number"),
        (None, "no answer"),
        ([1, 2], "not a number"),
    ],
)
def test_wrong_readings_are_explained_and_the_right_one_is_kept(height, told):
    report = read(height=height, color="blue")
    assert report.points == 0.5 and told in report.message, report
    assert "5.0" not in str(report)


def test_all_wrong_readings_are_explained_at_once():
    report = read(height=-10, color="red")
    assert "Halve it." in report.message and "Look again." in report.message


def test_readings_that_are_no_dict_are_told_so():
    exercise = readings("readings", {"color": COLOR})
    assert "return a dict" in str(judge(exercise, observe(exercise, lambda: "blue", 0), 0))
