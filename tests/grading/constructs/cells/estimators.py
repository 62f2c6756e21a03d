# ruff: noqa
# fmt: off
"""scikit-learn's estimators, and the learner's own."""

# === a fitted estimator
# %% teacher
import numpy as np
from sklearn.linear_model import LogisticRegression
x = np.array([[0.0], [1.0], [2.0], [3.0]])
y = np.array([0, 0, 1, 1])
# %% solution
model = LogisticRegression(C=10.0).fit(x, y)
predictions = model.predict(x)
# %% wrong
model = LogisticRegression(C=10.0)
predictions = y
# %% test
assert isinstance(model, LogisticRegression) and model.C == 10.0 and model.get_params()["C"] == 10.0
assert model.predict(np.array([[5.0]]))[0] == 1 and model.coef_.shape == (1, 1) and model.score(x, y) == 1.0
# %% test
assert (predictions == y).all() and hasattr(model, "coef_") and list(model.classes_) == [0, 1]

# === an estimator in scikit-learn's own functions | falls short: special attributes of a library's object are not asked for
# %% teacher
import numpy as np
from sklearn.metrics import accuracy_score
from sklearn.model_selection import cross_val_score
from sklearn.tree import DecisionTreeClassifier
rng = np.random.default_rng(0)
x = rng.normal(size=(60, 2))
y = (x[:, 0] > 0).astype(int)
# %% solution
def make_model():
    return DecisionTreeClassifier(max_depth=2, random_state=0)
# %% wrong
def make_model():
    return DecisionTreeClassifier(max_depth=1, min_samples_leaf=60, random_state=0)
# %% test
fitted = make_model().fit(x, y)
assert accuracy_score(y, fitted.predict(x)) == 1.0
# %% test
assert cross_val_score(make_model(), x, y, cv=3).mean() > 0.8

# === a pipeline and its steps
# %% teacher
import numpy as np
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
# %% solution
pipe = make_pipeline(StandardScaler(), Ridge(alpha=0.5))
# %% wrong
pipe = make_pipeline(Ridge(alpha=0.5), )
# %% test
assert isinstance(pipe, Pipeline) and len(pipe.steps) == 2 and list(pipe.named_steps) == ["standardscaler", "ridge"]
assert isinstance(pipe[0], StandardScaler) and pipe[-1].alpha == 0.5 and pipe.steps[1][0] == "ridge"
# %% test
x = np.arange(10.0)[:, None]
assert abs(pipe.fit(x, 2 * x[:, 0]).predict([[4.5]])[0] - 9) < 0.5

# === an estimator of the learner's own
# %% teacher
import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
# %% solution
class Majority(ClassifierMixin, BaseEstimator):
    def fit(self, x, y):
        values, counts = np.unique(y, return_counts=True)
        self.majority_ = values[counts.argmax()]
        return self
    def predict(self, x):
        return np.full(len(x), self.majority_)
# %% wrong
class Majority(ClassifierMixin, BaseEstimator):
    def fit(self, x, y):
        self.majority_ = y[0]
        return self
    def predict(self, x):
        return np.full(len(x), self.majority_)
# %% test
x, y = np.zeros((5, 1)), np.array([1, 0, 0, 0, 1])
model = Majority()
assert model.fit(x, y) is model and model.majority_ == 0 and model.predict(x).tolist() == [0] * 5
assert isinstance(model, BaseEstimator) and abs(model.score(x, y) - 0.6) < 1e-12
