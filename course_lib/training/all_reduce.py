"""How long an all-reduce takes: `python -m course_lib.training.all_reduce FILE NUMBERS…`, run by all workers.

Worker 0 writes the seconds to FILE, as a JSON list: for each of NUMBERS, the median time of an all-reduce of so many
float32 numbers.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from course_lib.training.devices import read_tf_config, strategy_for

WARM_UP, REPEATS = 3, 25


def seconds_of(strategy, numbers: int) -> float:
    """Return the median time of an all-reduce of so many float32 numbers over the replicas of `strategy`."""
    import tensorflow as tf

    @tf.function
    def total(value):
        def on_replica(value):
            here = tf.identity(value)  # an input of the function is on no device, and the sum goes where it is
            return tf.distribute.get_replica_context().all_reduce("SUM", here)

        return strategy.run(on_replica, args=(value,))

    value = strategy.experimental_distribute_values_from_function(lambda _: tf.ones(numbers))
    taken = []
    for _ in range(WARM_UP + REPEATS):
        begun = time.perf_counter()
        strategy.experimental_local_results(total(value))[0].numpy()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken[WARM_UP:])


def main() -> None:
    file, *sizes = sys.argv[1:]
    _, index = read_tf_config()
    strategy = strategy_for()
    seconds = [seconds_of(strategy, int(numbers)) for numbers in sizes]
    if index == 0:
        Path(file).write_text(json.dumps(seconds), encoding="utf-8")


if __name__ == "__main__":
    main()
