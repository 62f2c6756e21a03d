"""`python -m course_lib.training`: exit code 0 when trained, 2 if it cannot be done, 3 if another worker has ended."""

import argparse
import os
import sys
from pathlib import Path

import numpy as np

from course_lib.starting import be_quiet
from course_lib.training.devices import read_tf_config, strategy_for
from course_lib.training.plan import Plan, PlanError
from course_lib.training.trainer import WorkerLost, train, weights_of
from course_lib.training.workers import LocalWorkers


def arguments():
    parser = argparse.ArgumentParser(
        prog="python -m course_lib.training",
        description="Train a small network on MNIST-1D: on one device, on several, or, where TF_CONFIG is set, on "
        "several machines. Run again with the same folder, it goes on after the step that was saved last.",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--devices", type=int, default=1, help="GPUs of this process, or parts of its CPU")
    where.add_argument("--local-workers", type=int, metavar="N", help="processes on this computer")
    parser.add_argument("--folder", type=Path, required=True, help="where the run is kept; the same for all workers")
    parser.add_argument("--save-every", type=int, default=100, metavar="STEPS", help="how often it is saved")
    parser.add_argument(
        "--record", action="store_true", help="also write all weights after each step, to record-WORKER.npy"
    )
    parser.add_argument("--steps", type=int, default=Plan.steps, help="steps in all")
    parser.add_argument("--batch", type=int, default=Plan.batch, help="examples in a step, on all replicas together")
    parser.add_argument("--learning-rate", type=float, default=Plan.learning_rate)
    parser.add_argument("--momentum", type=float, default=Plan.momentum)
    parser.add_argument("--examples", type=int, default=Plan.examples, help="examples to learn from")
    parser.add_argument("--tied", action="store_true", help="use the hidden layer twice")
    parser.add_argument("--frozen", action="store_true", help="leave the first layer as it was drawn")
    parser.add_argument("--seed", type=int, default=Plan.seed, help="of the examples' order and the first weights")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    plan = Plan(
        given.steps, given.batch, given.learning_rate, given.momentum, given.examples,
        given.tied, given.frozen, given.seed,
    )  # fmt: skip
    if given.local_workers is not None:
        return on_this_computer(given.local_workers)
    be_quiet()
    workers, index = read_tf_config() if "TF_CONFIG" in os.environ else ([], 0)
    name = f"worker {index} of {len(workers)}: " if workers else ""

    def say(line):
        print(name + line, flush=True)

    if workers:
        say(f"waits for {', '.join(workers)}")
    recorded = []
    train(
        plan,
        strategy_for(given.devices),
        given.folder,
        given.save_every,
        index,
        (lambda step, network: recorded.append(weights_of(network))) if given.record else None,
        say,
    )
    if given.record:
        np.save(given.folder / f"record-{index}.npy", np.array(recorded))
    return 0


def on_this_computer(count: int) -> int:
    """Start so many workers with the other arguments of this command, and print what the first one says."""
    if count < 1:
        raise PlanError(f"{count} workers were asked for, and there has to be 1 or more.")
    others = sys.argv[1:]
    place = next(place for place, each in enumerate(others) if each.startswith("--local-workers"))
    del others[place : place + (1 if "=" in others[place] else 2)]
    with LocalWorkers(count, *others) as workers:
        codes = workers.wait(lambda line: print(line, flush=True))
        for worker, code in enumerate(codes):
            if code and worker:  # what the first one says has been printed
                print(f"worker {worker}: {' / '.join(workers.lines(worker)[-1:])}", file=sys.stderr)
    return max(codes) if min(codes) >= 0 else 3  # negative: ended by a signal


if __name__ == "__main__":
    try:
        code = main()
    except (PlanError, WorkerLost) as error:
        print(error, file=sys.stderr, flush=True)
        # Not by way of Python's own end: TensorFlow would wait there for a worker that is gone.
        os._exit(2 if isinstance(error, PlanError) else 3)
    sys.exit(code)
