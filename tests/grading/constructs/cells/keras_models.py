# ruff: noqa
# fmt: off
"""Keras: models, layers and tensors of the learner."""

# === a model's layers | falls short: a function of Keras's is another object in each process
# %% teacher
import keras
import numpy as np
# %% solution
def build():
    return keras.Sequential([
        keras.Input((4,)),
        keras.layers.Dense(8, activation="relu", name="hidden"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(3, activation="softmax"),
    ])
# %% wrong
def build():
    return keras.Sequential([
        keras.Input((4,)),
        keras.layers.Dense(8, activation="tanh", name="hidden"),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(3, activation="softmax"),
    ])
# %% wrong
def build():
    return [keras.layers.Dense(8), keras.layers.Dense(3)]
# %% test
model = build()
assert isinstance(model, keras.Model) and isinstance(model, keras.Sequential) and len(model.layers) == 3
assert model.input_shape == (None, 4) and model.output_shape == (None, 3) and model.count_params() == 67
# %% test
assert [type(layer).__name__ for layer in model.layers] == ["Dense", "Dropout", "Dense"]
assert [layer.__class__.__name__ for layer in model.layers][1] == "Dropout"
# %% test
first, drop, last = model.layers
assert first.units == 8 and first.activation.__name__ == "relu" and first.name == "hidden" and drop.rate == 0.2
assert isinstance(last, keras.layers.Dense) and last.activation == keras.activations.softmax
assert model.get_layer("hidden").units == 8 and first.get_config()["units"] == 8

# === a model predicts
# %% teacher
import keras
import numpy as np
# %% solution
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")])
# %% wrong
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="sigmoid")])
# %% test
x = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
y = model.predict(x, verbose=0)
assert isinstance(y, np.ndarray) and y.shape == (5, 2) and y.dtype == np.float32
assert np.allclose(y.sum(axis=1), 1, atol=1e-5)
# %% test
y = model(x)
assert y.shape == (5, 2) and np.allclose(y.numpy().sum(axis=1), 1, atol=1e-5)
assert np.allclose(np.asarray(model(x, training=False)), model.predict_on_batch(x), atol=1e-6)

# === weights are read and set
# %% teacher
import keras
import numpy as np
# %% solution
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, kernel_initializer="zeros", bias_initializer="ones")])
# %% wrong
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, kernel_initializer="ones")])
# %% test
kernel, bias = model.get_weights()
assert kernel.shape == (3, 2) and np.all(kernel == 0) and np.all(bias == 1) and len(model.weights) == 2
assert len(model.trainable_weights) == 2 and tuple(model.layers[0].kernel.shape) == (3, 2)
# %% test
model.set_weights([np.eye(3, 2), np.zeros(2)])
assert np.allclose(model.predict(np.array([[1.0, 2.0, 3.0]]), verbose=0), [[1, 2]])
assert np.allclose(model.layers[0].get_weights()[0], np.eye(3, 2))

# === compiled and trained by the learner
# %% teacher
import keras
import numpy as np
keras.utils.set_random_seed(0)
x = np.linspace(-1, 1, 64, dtype="float32")[:, None]
y = 3 * x + 0.5
# %% solution
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.5), loss="mse", metrics=["mae"])
history = model.fit(x, y, epochs=12, batch_size=64, verbose=0)
# %% wrong
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.5), loss="mae")
history = model.fit(x, y, epochs=2, batch_size=64, verbose=0)
# %% test
assert set(history.history) == {"loss", "mae"} and len(history.history["loss"]) == 12
assert history.history["loss"][-1] < history.history["loss"][0] and history.epoch[-1] == 11
# %% test
assert isinstance(model.optimizer, keras.optimizers.SGD) and model.loss == "mse"
assert abs(float(model.optimizer.learning_rate) - 0.5) < 1e-7 and model.optimizer.__class__.__name__ == "SGD"
# %% test
loss, mae = model.evaluate(x, y, verbose=0)
assert loss < 0.1 and mae < 0.5

# === compiled by the learner, trained by the test
# %% teacher
import keras
import numpy as np
# %% solution
def make():
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss="mse")
    return model
# %% wrong
def make():
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, trainable=False)])
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss="mse")
    return model
# %% test
x = np.linspace(-1, 1, 32, dtype="float32")[:, None]
model = make()
history = model.fit(x, 2 * x, epochs=15, batch_size=32, verbose=0)
assert history.history["loss"][-1] < 0.05

# === a layer of the learner's own | falls short: Keras in the test does not take a learner's layer
# %% teacher
import keras
import numpy as np
# %% solution
class Scale(keras.layers.Layer):
    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
    def build(self, input_shape):
        self.gain = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="gain")
    def call(self, x):
        return self.factor * self.gain * x
    def get_config(self):
        return super().get_config() | {"factor": self.factor}
# %% wrong
class Scale(keras.layers.Layer):
    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
    def call(self, x):
        return self.factor * x
# %% test
layer = Scale(3.0)
out = layer(np.array([[1.0, 2.0]], dtype="float32"))
assert np.allclose(out, [[3, 6]]) and out.shape == (1, 2)
# %% test
assert isinstance(layer, keras.layers.Layer) and issubclass(Scale, keras.layers.Layer)
assert len(layer.trainable_weights) == 1 and layer.get_config()["factor"] == 3.0
# %% test
model = keras.Sequential([keras.Input((2,)), Scale(2.0)])
assert np.allclose(model.predict(np.ones((1, 2)), verbose=0), 2) and model.count_params() == 2

# === a functional model and a model class
# %% teacher
import keras
import numpy as np
# %% solution
def two_inputs():
    a, b = keras.Input((2,), name="a"), keras.Input((3,), name="b")
    joined = keras.layers.Concatenate()([a, b])
    return keras.Model(inputs=[a, b], outputs=keras.layers.Dense(1)(joined))
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(2, use_bias=False)
    def call(self, x, training=False):
        return self.dense(x)
# %% wrong
def two_inputs():
    a, b = keras.Input((2,), name="a"), keras.Input((2,), name="b")
    return keras.Model(inputs=[a, b], outputs=keras.layers.Dense(1)(keras.layers.Add()([a, b])))
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(2)
    def call(self, x, training=False):
        return self.dense(x)
# %% test
model = two_inputs()
assert len(model.inputs) == 2 and model.input_shape == [(None, 2), (None, 3)] and model.count_params() == 6
assert model.predict([np.ones((4, 2)), np.ones((4, 3))], verbose=0).shape == (4, 1)
# %% test
net = Net()
assert net(np.ones((2, 3), "float32")).shape == (2, 2) and isinstance(net, keras.Model)
assert len(net.weights) == 1 and net.count_params() == 6

# === tensors come back | falls short: a tf.Variable arrives as a tensor
# %% teacher
import numpy as np
import tensorflow as tf
# %% solution
def scale(x):
    x = tf.cast(x, tf.float32)
    return x / tf.reduce_max(x)
constant = tf.constant([[1, 2], [3, 4]])
variable = tf.Variable([1.0, 2.0])
# %% wrong
def scale(x):
    x = np.asarray(x, dtype="float32")
    return x / x.max()
constant = tf.constant([[1, 2], [3, 5]])
variable = tf.constant([1.0, 2.0])
# %% test
t = scale(np.array([1, 2, 4]))
assert isinstance(t, tf.Tensor) and t.dtype == tf.float32 and t.shape == (3,) and tf.is_tensor(t)
assert np.allclose(t.numpy(), [0.25, 0.5, 1]) and float(tf.reduce_sum(t)) == 1.75
# %% test
assert tf.reduce_all(tf.equal(constant, [[1, 2], [3, 4]])) and constant.shape.as_list() == [2, 2]
assert int(constant[1, 0]) == 3 and (constant + 1).numpy()[0, 0] == 2
# %% test
assert isinstance(variable, tf.Variable) and np.allclose(variable.numpy(), [1, 2])
variable.assign_add([1.0, 1.0])
assert np.allclose(variable, [2, 3])

# === tensors as arguments
# %% teacher
import numpy as np
import tensorflow as tf
# %% solution
def mse(y_true, y_pred):
    return tf.reduce_mean(tf.square(y_true - y_pred))
# %% wrong
def mse(y_true, y_pred):
    return tf.reduce_sum(tf.square(y_true - y_pred))
# %% test
assert abs(float(mse(tf.constant([0.0, 1.0]), tf.constant([1.0, 1.0]))) - 0.5) < 1e-6
np.testing.assert_allclose(mse(tf.zeros((2, 2)), tf.ones((2, 2))).numpy(), 1.0)

# === a loss of the learner in a model of the test
# %% teacher
import keras
import numpy as np
# %% solution
def asymmetric(y_true, y_pred):
    error = y_pred - y_true
    return keras.ops.mean(keras.ops.where(error > 0, 2 * error, -error), axis=-1)
# %% wrong
def asymmetric(y_true, y_pred):
    return keras.ops.mean(keras.ops.abs(y_pred - y_true), axis=-1)
# %% test
assert np.allclose(asymmetric(np.zeros((2, 1), "float32"), np.array([[1.0], [-1.0]], "float32")), [2, 1])

# === a data set
# %% teacher
import numpy as np
import tensorflow as tf
# %% solution
def batches(x, size):
    return tf.data.Dataset.from_tensor_slices(x).batch(size).map(lambda b: 2 * b)
# %% wrong
def batches(x, size):
    return tf.data.Dataset.from_tensor_slices(x).batch(size, drop_remainder=True).map(lambda b: 2 * b)
# %% test
parts = [batch.numpy().tolist() for batch in batches(np.arange(5), 2)]
assert parts == [[0, 2], [4, 6], [8]]

# === a history callback of the learner
# %% teacher
import keras
import numpy as np
# %% solution
class Stop(keras.callbacks.Callback):
    def __init__(self, limit):
        super().__init__()
        self.limit, self.seen = limit, []
    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(epoch)
        if epoch + 1 >= self.limit:
            self.model.stop_training = True
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(optimizer="sgd", loss="mse")
stop = Stop(2)
history = model.fit(np.ones((4, 1)), np.ones((4, 1)), epochs=5, callbacks=[stop], verbose=0)
# %% wrong
class Stop(keras.callbacks.Callback):
    def __init__(self, limit):
        super().__init__()
        self.limit, self.seen = limit, []
    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(epoch)
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(optimizer="sgd", loss="mse")
stop = Stop(2)
history = model.fit(np.ones((4, 1)), np.ones((4, 1)), epochs=5, callbacks=[stop], verbose=0)
# %% test
assert stop.seen == [0, 1] and len(history.epoch) == 2 and isinstance(stop, keras.callbacks.Callback)

# === a summary is printed
# %% teacher
import keras
# %% solution
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(5, name="wide")])
# %% wrong
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, name="wide")])
# %% test
lines = []
model.summary(print_fn=lambda line, **_: lines.append(line))
assert "wide" in "\n".join(lines) and "Total params: 15 " in "\n".join(lines)

# === a gradient tape over the learner's code | falls short: a tape does not see what the learner's process computes
# %% teacher
import tensorflow as tf
# %% solution
def cube(x):
    return x ** 3
# %% wrong
def cube(x):
    return x ** 2
# %% test
x = tf.Variable(2.0)
with tf.GradientTape() as tape:
    y = cube(x)
assert abs(float(tape.gradient(y, x)) - 12) < 1e-5

# === a gradient tape over the learner's model | falls short: a tape does not see what the learner's process computes
# %% teacher
import keras
import tensorflow as tf
# %% solution
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")])
# %% wrong
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
# %% test
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(model(tf.constant([[1.0, 2.0]])))
gradients = tape.gradient(loss, model.trainable_variables)
assert len(gradients) == 1 and gradients[0].numpy().ravel().tolist() == [1, 2]
