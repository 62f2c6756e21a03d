"""Print how many answers of the bank are named: python -m tests.exercises.optimizers.bank.measure [-v] [EXERCISE …]"""

import re
import sys

import keras  # noqa: F401 - imported before any answer's time is taken

from course_lib.exercises import find
from tests.exercises.banks import RIGHT
from tests.exercises.optimizers.bank import LIST, adam, adaptive, batches, descending
from tests.exercises.reports import report_on

counts = dict.fromkeys(("wrong", "refused", "named", "false", "right", "right refused", "or list("), 0)
cases = [case for bank in (batches, descending, adaptive, adam) for case in bank.CASES]
chosen = set(sys.argv[1:]) - {"-v"}
for case in [case for case in cases if not chosen or case.exercise in chosen]:
    report = report_on(find(case.exercise), case.answer, 0)
    said = (
        f"{report.diagnosis.certainty} {report.diagnosis.name!r}: {report.diagnosis}" if report.diagnosis else "passes"
    )
    line = f"{case.exercise} | {case.name[-110:]}\n      wanted {case.told!r}, got {said}"
    if case.told in (RIGHT, LIST):
        counts["right" if case.told == RIGHT else "or list("] += 1
        if not report.passed and not (case.told != RIGHT and re.search(case.told, str(report.diagnosis))):
            counts["right refused"] += 1
            print("RIGHT REFUSED", line)
        continue
    counts["wrong"] += 1
    counts["refused"] += not report.passed
    if report.passed:
        print("PASSES", line)
    elif re.search(case.told, str(report.diagnosis), re.IGNORECASE):
        counts["named"] += 1
        if "-v" in sys.argv:
            print("named", line)
    elif report.diagnosis.certainty == "general":
        print("UNNAMED", line)
    else:
        counts["false"] += 1
        print("FALSE", line)
print(counts)
