"""Run the benchmarks, one after the other: `python -m tests.bench [name …]`, or one with options of its own."""

import importlib
import os
import sys
from pathlib import Path

# Before anything imports TensorFlow: on the CPU and silent, the conditions that the chapters run under.
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="-1")


def main(arguments):
    names, options = arguments, []
    first = next((number for number, each in enumerate(arguments) if each.startswith("-")), len(arguments))
    if arguments[first:]:
        names, options = arguments[:first], arguments[first:]
        if len(names) != 1:
            sys.exit("options belong to one benchmark: name it before them")
    known = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    if unknown := set(names) - set(known):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    # A neighbor's load hits NumPy's threads harder than TensorFlow's: ratios count on an idle machine.
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}")
    comparisons = []
    for name in names or known:
        print(f"== {name}", flush=True)
        comparisons += importlib.import_module(f"tests.bench.bench_{name}").main(*([options] if options else [])) or []
        print(flush=True)
    if comparisons:
        print(f"{'what':36}{'ours s':>9}  {'peer':28}{'peer s':>8}{'ratio':>7}  aim")
    for row in comparisons:
        ours, peer = f"{row.what:36}{row.seconds:9.3f}", f"{row.peer:28}{row.peer_seconds:8.3f}"
        print(f"{ours}  {peer}{row.ratio:7.2f}  {row.aim}")


if __name__ == "__main__":
    main(sys.argv[1:])
