"""`make results-gpu`: chapter 11's scaling over devices and mixed precision, as times, written to docs/results.md.

With TENSORFLOW=gpu and a GPU or several the times of one, two, four, … of them stand beside the CPU's. Without one it
measures the CPU alone, and says so.
"""

import os
import statistics
import time
from pathlib import Path

from course_lib.results import MANY_DEVICES, RESULTS, written

CPU_BATCH, GPU_BATCH, ROUNDS = 32, 2048, 3

TEXT = """Written by `make results-gpu`. A step of a convolutional network on images of {side} × {side} with three
channels, drawn at random: six convolutions of {width} to {widest} filters, stochastic gradient descent with momentum,
{steps} steps in a row, median of {rounds} times. Every device has the same number of examples whatever their number, so
without any cost of communication examples per second would grow like the number of devices: *of ideal* says how much of
that is reached. In mixed precision layers compute in float16, and weights stay float32. The load average was {load:.1f}
in the beginning: above the number of cores, other programs took a part of them.

{found}

| on what | computed in | examples a step | seconds a step | examples a second | of ideal |
| --- | --- | --- | --- | --- | --- |
{rows}"""

NO_GPU = """No GPU was had: TensorFlow found none where this was written. The lines are of a CPU, whose {cores} cores
are shared by its logical devices: nothing can get faster there, and it has no units made for float16."""
GPUS = "On {count} × {name}, and on {cores} cores of a CPU."


def main(path: Path = RESULTS, side: int = 32, width: int = 32, steps: int = 10, say=print) -> None:
    """Measure everything, and write the section; all others are kept."""
    import tensorflow as tf

    from course_lib.training.devices import several

    gpus = tf.config.list_physical_devices("GPU")
    several(2) if not gpus else None  # before TensorFlow computes anything
    lines = [(["CPU:0"], "float32"), (["CPU:0"], "mixed_float16")]
    if gpus:
        counts = sorted({*(2**power for power in range(len(gpus).bit_length())), len(gpus)})
        lines += [([f"GPU:{number}" for number in range(count)], "float32") for count in counts]
        lines.append((["GPU:0"], "mixed_float16"))
    else:
        lines.insert(1, (["CPU:0", "CPU:1"], "float32"))
    rows, of_one, load = [], {}, os.getloadavg()[0]
    for devices, policy in lines:
        kind, count = devices[0][:3], len(devices)
        examples = count * (GPU_BATCH if kind == "GPU" else CPU_BATCH)
        seconds = seconds_per_step(devices, policy, examples, side, width, steps)
        rate = examples / seconds
        ideal = count * of_one.setdefault((kind, policy), rate)
        rows.append(
            f"| {count} {kind}{'s' * (count > 1)} | {policy} | {examples:,} | {seconds:.4f} | {rate:,.0f} "
            f"| {rate / ideal:.0%} |"
        )
        say(rows[-1])
    cores = os.cpu_count()
    name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU") if gpus else ""
    found = GPUS.format(count=len(gpus), name=name, cores=cores) if gpus else NO_GPU.format(cores=cores)
    sizes = {"side": side, "width": width, "widest": 4 * width, "steps": steps, "rounds": ROUNDS, "load": load}
    section = f"## {MANY_DEVICES}\n\n{TEXT.format(found=found, rows=chr(10).join(rows), **sizes)}"
    text = path.read_text(encoding="utf-8").rstrip()
    before = written(MANY_DEVICES, path)
    text = text.replace(before, section) if before else f"{text}\n\n{section}"
    path.write_text(text + "\n", encoding="utf-8")
    say(f"written: {path.name}")


def network_of(side: int, width: int, policy: str):
    import keras
    from keras import layers

    inputs = values = keras.Input((side, side, 3))
    for filters in (width, 2 * width, 4 * width):
        for _ in range(2):
            values = layers.Conv2D(filters, 3, padding="same", activation="relu", dtype=policy)(values)
        values = layers.MaxPooling2D(dtype=policy)(values)
    values = layers.GlobalAveragePooling2D(dtype=policy)(values)
    return keras.Model(inputs, layers.Dense(10, dtype="float32")(values))


def seconds_per_step(devices: list[str], policy: str, examples: int, side: int, width: int, steps: int) -> float:
    """Return the median time of a training step of so many examples, shared out among the devices."""
    import keras
    import tensorflow as tf

    strategy = tf.distribute.MirroredStrategy(devices)
    with strategy.scope():
        network = network_of(side, width, policy)
        optimizer = keras.optimizers.SGD(0.01, momentum=0.9)
        if policy == "mixed_float16":
            optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
        optimizer.build(network.trainable_variables)

    @tf.function
    def step(images, labels):
        def on_replica(images, labels):
            with tf.GradientTape() as tape:
                logits = network(images, training=True)
                losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
                loss = tf.reduce_sum(losses) / examples
                scaled = optimizer.scale_loss(loss)
            gradients = tape.gradient(scaled, network.trainable_variables)
            optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
            return loss

        return strategy.reduce("SUM", strategy.run(on_replica, args=(images, labels)), axis=None)

    def for_each_replica(make):
        return strategy.experimental_distribute_values_from_function(lambda _: make())

    share = examples // len(devices)
    images = for_each_replica(lambda: tf.random.normal((share, side, side, 3)))
    labels = for_each_replica(lambda: tf.random.uniform((share,), 0, 10, tf.int32))
    step(images, labels).numpy()  # compiled, and the devices warm
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(steps):
            loss = step(images, labels)
        loss.numpy()
        taken.append((time.perf_counter() - begun) / steps)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
