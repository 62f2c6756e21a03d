"""`import course_lib` against `import numpy`, each in fresh interpreters, and proof that TensorFlow stays out of it."""

import statistics
import subprocess
import sys

from tests.bench import Comparison

REPEATS = 9
# Timed inside: starting Python itself is nobody's import.
TIMED = "import time; begin = time.perf_counter(); {}; print(time.perf_counter() - begin)"
MATHEMATICS = "import course_lib.network, course_lib.optimizers"


def output(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def main():
    statements = ["import numpy", "import course_lib", MATHEMATICS]
    times = {statement: [] for statement in statements}
    # In turns, so that a busy spell of the machine meets all of them.
    for _ in range(REPEATS):
        for statement in statements:
            times[statement].append(float(output(TIMED.format(statement))))
    numpy, package, mathematics = (statistics.median(times[statement]) for statement in statements)

    loaded = output(f"import course_lib; {MATHEMATICS}; import sys; print('tensorflow' in sys.modules)").strip()
    numbers = (1000 * seconds for seconds in (numpy, package, mathematics))
    print("numpy {:.0f} ms, course_lib {:.0f} ms, course_lib.network {:.0f} ms".format(*numbers))
    print(f"TensorFlow imported with them: {loaded} (must be False)")
    aim = "at most 0.150 s more"
    return [
        Comparison("import course_lib", package, "import numpy", numpy, aim),
        Comparison("import course_lib.network", mathematics, "import numpy", numpy, aim),
    ]
