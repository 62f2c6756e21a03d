"""The script of `make results-gpu`, on this machine's CPU and on a network so small that its times mean nothing."""

import re
import subprocess
import sys

import pytest

SMALL = "import pathlib, sys; from course_lib.gpu_results import main; main(pathlib.Path(sys.argv[1]), 8, 2, 1)"


@pytest.mark.slow
def test_without_a_gpu_it_measures_the_cpu_and_says_so(tmp_path):
    file = tmp_path / "results.md"
    file.write_text("# Results\n\n## Old things\n\n| 0.5 |\n\n## Many devices\n\nWritten long ago.\n")
    run = subprocess.run([sys.executable, "-c", SMALL, str(file)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    text = file.read_text()
    assert text.startswith("# Results\n\n## Old things\n\n| 0.5 |\n\n## Many devices\n\nWritten by `make results-gpu`.")
    assert text.count("No GPU was had") == 1 and "long ago" not in text
    rows = [re.split(r" *\| *", line)[1:-1] for line in text.splitlines() if re.match(r"\| \d [CG]PU", line)]
    assert [row[:3] for row in rows] == [
        ["1 CPU", "float32", "32"],
        ["2 CPUs", "float32", "64"],
        ["1 CPU", "mixed_float16", "32"],
    ]
    for _, _, examples, seconds, rate, of_ideal in rows:
        assert float(rate.replace(",", "")) == pytest.approx(int(examples) / float(seconds), rel=0.2, abs=1)
        assert of_ideal.endswith("%")
    assert [rows[0][5], rows[2][5]] == ["100%", "100%"]
