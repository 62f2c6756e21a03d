"""The loop: the same steps on one device, several, or several machines, saved and resumed."""

import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np

from course_lib.training.plan import PlanError, digits, hold_to, share_of


class WorkerLost(Exception):
    """Another worker has ended, and the step under way cannot be done."""


def build(plan):
    """Return the network: 40 inputs, two hidden layers of 40 units, ten logits."""
    import keras
    from keras import layers

    inputs = keras.Input((40,))
    hidden = layers.Dense(40, activation="relu", name="hidden")
    values = layers.Dense(40, activation="relu", trainable=not plan.frozen, name="first")(inputs)
    for _ in range(2 if plan.tied else 1):
        values = hidden(values)
    return keras.Model(inputs, layers.Dense(10, name="logits")(values))


def train(plan, strategy, folder=None, save_every=0, worker=0, after_step=None, say=lambda line: None):
    """Train by `plan` on all replicas of `strategy`, and return the network.

    Args:
        plan: a `Plan`.
        strategy: what `strategy_for` returns, or another of TensorFlow's.
        folder: where the run is kept, and from where it goes on; None keeps nothing. All workers see the same one.
        save_every: after how many steps worker 0 saves; it also saves after the last one. 0 saves only then.
        worker: which worker this process is.
        after_step: called as after_step(step, network) after each step, the first of which is 1.
        say: called with a line of text about what happens.
    Raises:
        PlanError: the folder holds another run, or the workers do not see the same folder.
        WorkerLost: another worker has ended; what was saved is whole.
    """
    try:
        return _train(plan, strategy, folder, save_every, worker, after_step, say)
    except _has_gone() as error:
        raise WorkerLost(
            "Another worker has ended. Start all workers again with the same settings and the same folder: training "
            "goes on after the step that was saved last."
        ) from error


def _has_gone():
    """Return the errors by which TensorFlow says that another worker does not answer."""
    import tensorflow as tf

    return tf.errors.UnavailableError, tf.errors.AbortedError, tf.errors.CancelledError


def _train(plan, strategy, folder, save_every, worker, after_step, say):
    import keras
    import tensorflow as tf

    (inputs, labels), (test_inputs, test_labels) = digits(plan)
    keras.utils.set_random_seed(plan.seed + worker)  # each draws other weights, and all begin with those of worker 0
    with strategy.scope():
        network = build(plan)
        optimizer = keras.optimizers.SGD(plan.learning_rate, momentum=plan.momentum)
        optimizer.build(network.trainable_variables)
    manager = _saved(plan, folder, worker, network, optimizer)

    @tf.function
    def step(x, y, weights):
        def on_replica(x, y, weights):
            with tf.GradientTape() as tape:
                losses = keras.losses.sparse_categorical_crossentropy(y, network(x, training=True), from_logits=True)
                loss = tf.reduce_sum(weights * losses)  # this share's part of the mean over the whole batch
            gradients = tape.gradient(loss, network.trainable_variables)
            optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))  # sums over replicas
            return loss

        return strategy.reduce("SUM", strategy.run(on_replica, args=(x, y, weights)), axis=None)

    def for_each_replica(values):
        return strategy.experimental_distribute_values_from_function(
            lambda context: tf.constant(values[context.replica_id_in_sync_group])
        )

    replicas = strategy.num_replicas_in_sync
    first = int(optimizer.iterations.numpy())
    _agree(strategy, plan, first)
    say(f"begins after step {first}, {replicas} replica{'s' * (replicas > 1)}")
    for done in range(first + 1, plan.steps + 1):
        shares = [share_of(plan, done - 1, replica, replicas) for replica in range(replicas)]
        loss = step(
            for_each_replica([inputs[examples] for examples, _ in shares]),
            for_each_replica([labels[examples] for examples, _ in shares]),
            for_each_replica([weights for _, weights in shares]),
        )
        if after_step is not None:
            after_step(done, network)
        if manager and (done == plan.steps or (save_every and done % save_every == 0)):
            loss = float(loss)
            if worker == 0:
                manager.save(checkpoint_number=done)
            say(f"step {done}: loss {loss:.3f}, saved")
    with suppress(*_has_gone()):  # nobody leaves while another waits for its part of the last sum
        _mean(strategy, [0])
    predicted = np.argmax(network(test_inputs, training=False), axis=-1)
    say(f"done: {max(first, plan.steps)} steps, {np.mean(predicted == test_labels):.3f} of the test examples right")
    return network


def weights_of(network) -> np.ndarray:
    """Return all of a network's weights as one row of numbers, copied from the first replica."""
    return np.concatenate([np.ravel(variable.numpy()) for variable in network.weights])


def _saved(plan, folder, worker, network, optimizer):
    """Give network and optimizer what was saved last, and return what saves them; None without a folder."""
    import tensorflow as tf

    if folder is None:
        return None
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if worker == 0:
        hold_to(plan, folder)
    checkpoint = tf.train.Checkpoint(network=network, optimizer=optimizer)
    manager = tf.train.CheckpointManager(checkpoint, str(folder), max_to_keep=2, checkpoint_name="step")
    if manager.latest_checkpoint:
        checkpoint.restore(manager.latest_checkpoint).assert_existing_objects_matched()
    return manager


def _agree(strategy, plan, first) -> None:
    """See that all replicas have the same settings and begin after the same step.

    Numbers are equal on all replicas where the mean of their squares is the square of their mean.

    Raises:
        PlanError: they do not.
    """
    settings = zlib.crc32(repr(plan).encode()) % 2**24  # so that squares are exact in float64
    means = _mean(strategy, [settings, first, settings**2, first**2])
    same_settings, same_step = means[2:] == means[:2] ** 2
    if not same_settings:
        raise PlanError("Another worker has other settings. Give all workers the same ones.")
    if not same_step:
        raise PlanError(
            f"This worker would begin after step {first}, and another one after another step. All workers have to see "
            "the same folder."
        )


def _mean(strategy, numbers) -> np.ndarray:
    """Return the means of these numbers over all replicas, when all have come here."""
    import tensorflow as tf

    own = tf.constant(numbers, tf.float64)
    values = strategy.experimental_distribute_values_from_function(lambda _: own)
    return strategy.reduce("MEAN", values, axis=None).numpy()
