# ruff: noqa: E501 (an answer stands in one line with what is told of it)
"""Early stopping as people write it."""

from tests.exercises.banks import RIGHT, written

STOPPING = """
class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.best = np.inf
        self.wait = 0
        self.best_weights = None

    def update(self, loss, weights):
        if loss < self.best - self.min_delta:
            self.best = loss
            self.wait = 0
            self.best_weights = [np.copy(w) for w in weights]
        else:
            self.wait += 1
        return self.wait >= self.patience
"""
BETTER = "if loss < self.best - self.min_delta:"
KEEP = "            self.best_weights = [np.copy(w) for w in weights]\n"
RESET, COUNT, STOP = "            self.wait = 0\n", "self.wait += 1", "return self.wait >= self.patience"
BEST = "            self.best = loss\n"


def stopping(told, *changes, name=""):
    return written("EarlyStopping", STOPPING, told, *changes, name=name)


BY_HISTORY = """
class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.losses, self.weights = [], []

    def update(self, loss, weights):
        self.losses.append(loss)
        self.weights.append([w.copy() for w in weights])
        best, since = float("inf"), 0
        for number, value in enumerate(self.losses):
            if best - value > self.min_delta:
                best, since, self.best_weights = value, 0, self.weights[number]
            else:
                since += 1
        return since >= self.patience
"""
BY_EPOCH = """
class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0):
        self.patience, self.delta = patience, min_delta
        self.epoch = 0
        self.best_epoch = 0
        self.best_loss = None
        self.stopped = False

    def update(self, loss, weights):
        self.epoch += 1
        if self.best_loss is None or loss + self.delta < self.best_loss:
            self.best_loss, self.best_epoch = loss, self.epoch
            self.best_weights = [np.array(w) for w in weights]
        if self.epoch - self.best_epoch >= self.patience:
            self.stopped = True
        return self.stopped
"""
OTHER_WAY = """
class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.counter = 0
        self.best_score = None
        self.early_stop = False

    def update(self, loss, weights):
        score = -loss
        if self.best_score is None:
            self.best_score = score
            self.best_weights = [w.copy() for w in weights]
        elif score < self.best_score + self.min_delta:
            self.counter += 1
            if self.counter >= self.patience:
                self.early_stop = True
        else:
            self.best_score = score
            self.best_weights = [w.copy() for w in weights]
            self.counter = 0
        return self.early_stop
"""
GENERALIZING = """
class EarlyStopping:
    def __init__(self, patience=3, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.counter = 0
        self.best_weights = None
        self.min_validation_loss = float('inf')

    def update(self, loss, weights):
        if loss < self.min_validation_loss:
            self.min_validation_loss = loss
            self.best_weights = [w.copy() for w in weights]
            self.counter = 0
        elif loss > (self.min_validation_loss + self.min_delta):
            self.counter += 1
            if self.counter >= self.patience:
                return True
        return False
"""

CASES = [
    stopping(RIGHT, name="as usual"),
    written("EarlyStopping", BY_HISTORY, RIGHT, name="with the whole history"),
    written("EarlyStopping", BY_EPOCH, RIGHT, name="with the number of the epoch"),
    stopping(RIGHT, (BETTER, "if self.best - loss > self.min_delta:")),
    stopping(RIGHT, (STOP, "if self.wait >= self.patience:\n            return True"), name="None while it goes on"),
    stopping(RIGHT, (STOP, "return bool(self.wait == self.patience)")),
    stopping(RIGHT, (STOP, "return np.bool_(self.wait >= self.patience)")),
    stopping(RIGHT, ("self.best = np.inf", "self.best = 1e10")),
    stopping(RIGHT, ("self.wait = 0\n        self.best_weights = None", "self.wait = 0\n        self.kept = None"),
             (KEEP, KEEP.replace("best_weights", "kept")), (STOP, STOP + "\n\n    def best_weights(self):\n        return self.kept")),
    stopping(RIGHT, (KEEP, "            import copy\n            self.best_weights = copy.deepcopy(weights)\n")),
    stopping(RIGHT, ("self.wait = 0\n        self.best_weights", "self.wait = patience\n        self.best_weights"),
             (RESET, "            self.wait = self.patience\n"), (COUNT, "self.wait -= 1"), (STOP, "return self.wait <= 0")),
    # what counts as better
    written("EarlyStopping", OTHER_WAY, "plateau|same|equal|NaN", name="with scores"),
    written("EarlyStopping", GENERALIZING, "plateau|same|equal|count|worse", name="counts what is worse by min_delta"),
    stopping("epoch before|previous|last epoch", (BETTER, BETTER + "\n            pass\n        better = loss < getattr(self, 'previous', np.inf) - self.min_delta\n        self.previous = loss\n        if better:")),
    stopping("epoch before|previous|last epoch", ("        else:\n            self.wait += 1\n", "        else:\n            self.wait += 1\n            self.best = loss\n")),
    stopping("first", (BETTER, "if loss < getattr(self, 'first', np.inf) - self.min_delta:"), (BEST, "            self.first = getattr(self, 'first', loss)\n")),
    stopping("best.*(never|not)|every", (BEST, "")),
    stopping("plateau|same|equal", (BETTER, "if loss <= self.best - self.min_delta:")),
    stopping("plateau|same|equal|NaN", (BETTER, "if not loss > self.best - self.min_delta:")),
    stopping("NaN", (BETTER, "if not loss >= self.best - self.min_delta:")),
    stopping("NaN", ("        if loss <", "        if np.isnan(loss):\n            return True\n        if loss <")),
    stopping("NaN", ("        if loss <", "        if np.isnan(loss):\n            return False\n        if loss <")),
    stopping("min_delta", (BETTER, "if loss < self.best:")),
    stopping("min_delta|sign", (BETTER, "if loss < self.best + self.min_delta:")),
    stopping("min_delta|share|relative", (BETTER, "if loss < self.best * (1 - self.min_delta):")),
    stopping("abs", (BETTER, "if abs(loss - self.best) > self.min_delta:")),
    stopping("smaller|larger|sign|greater", (BETTER, "if loss > self.best + self.min_delta:"), ("np.inf", "-np.inf")),
    stopping("no loss ever", (BETTER, "if loss > self.best - self.min_delta:")),
    stopping("small|min_delta|best", ("        if loss <", "        if loss < self.best and not loss < self.best - self.min_delta:\n            self.best = loss\n            self.wait += 1\n        elif loss <")),
    stopping("small|min_delta|weights", ("        else:\n", "        elif loss < self.best:\n            self.wait += 1\n            self.best_weights = [np.copy(w) for w in weights]\n        else:\n")),
    stopping("abs|negative|0", ("self.best = np.inf", "self.best = 0.0")),
    stopping("1|start|large", ("self.best = np.inf", "self.best = 1.0")),
    stopping("rounded|digits", (BETTER, "loss = round(loss, 2)\n        " + BETTER)),
    # counting
    stopping("reset|in a row|all", (RESET, "")),
    stopping("late", (STOP, "return self.wait > self.patience")),
    stopping("early", (STOP, "return self.wait >= self.patience - 1")),
    stopping("early", (STOP, "return self.wait + 1 >= self.patience")),
    stopping("early|1|counter", (RESET, "            self.wait = 1\n")),
    stopping("late", ("self.wait = 0\n        self.best_weights", "self.wait = -1\n        self.best_weights"), (RESET, "            self.wait = -1\n")),
    stopping("patience|first|once", (STOP, "return self.wait >= 1")),
    stopping("patience", (STOP, "return self.wait >= 3")),
    stopping("patience", ("patience=3", "patience=5")),
    stopping("patience", ("patience=3", "patience=10")),
    stopping("patience", ("patience=3", "patience=0")),
    stopping("min_delta|default", ("min_delta=0.0", "min_delta=1e-3")),
    stopping("min_delta|default", ("min_delta=0.0", "min_delta=0.01")),
    stopping("epochs|number|count", (STOP, "self.epoch = getattr(self, 'epoch', 0) + 1\n        return self.epoch > self.patience")),
    stopping("never", (STOP, "return False")),
    stopping("swapped|goes on|reverse|opposite", (STOP, "return self.wait < self.patience")),
    stopping("late|count|improve", ("        else:\n            self.wait += 1\n", "        self.wait += 1\n"), name="counts better epochs, too"),
    stopping("in a row|reset|down", (RESET, "            self.wait = max(self.wait - 1, 0)\n")),
    stopping("each call|update|forgotten|remember", ("        if loss <", "        self.wait = 0\n        if loss <")),
    stopping("best.*(new|again|start)|forgotten|each call|remember", ("        if loss <", "        self.best = np.inf\n        if loss <")),
    stopping("count|number|True", (STOP, "return self.wait")),
    # weights
    stopping("last", (KEEP, ""), (STOP, "self.best_weights = [np.copy(w) for w in weights]\n        " + STOP)),
    stopping("first", (KEEP, "            if self.best_weights is None:\n                self.best_weights = [np.copy(w) for w in weights]\n")),
    stopping("never|None|not kept", (KEEP, "")),
    stopping("stop|last", (KEEP, ""), (STOP, "if self.wait >= self.patience:\n            self.best_weights = weights\n        " + STOP)),
    stopping("no new best", (KEEP, ""), (COUNT, "self.wait += 1\n            self.best_weights = [np.copy(w) for w in weights]")),
    stopping("first (weight|array)|alone|one", (KEEP, "            self.best_weights = np.copy(weights[0])\n")),
    stopping("loss", (KEEP, "            self.best_weights = loss\n")),
    stopping("average|mean", (KEEP, "            self.best_weights = [np.copy(w) for w in weights] if self.best_weights is None else [(a + b) / 2 for a, b in zip(self.best_weights, weights)]\n")),
    stopping("something else", (STOP, "return self.best_weights")),
    stopping("something else", (STOP, "return self.wait >= self.patience, self.best_weights")),
    stopping("raise|StopIteration|True", (STOP, "if self.wait >= self.patience:\n            raise StopIteration\n        return False")),
    stopping("list of (all|lists)|best|every", (KEEP, "            self.best_weights = (self.best_weights or []) + [weights]\n")),
    # of the class
    stopping("class|no loss ever", ("    def __init__", "    memory = {'best': np.inf}\n\n    def __init__"),
             ("        self.best = np.inf\n", ""), ("self.best - self.min_delta", "self.memory['best'] - self.min_delta"),
             (BEST, "            self.memory['best'] = loss\n")),
]  # fmt: skip
