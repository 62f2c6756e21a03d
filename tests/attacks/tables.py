"""All submissions, and what is known of those that stock nbgrader withstands."""

from tests.attacks.exhausting import EXHAUSTING
from tests.attacks.gaming import GAMING
from tests.attacks.handed_in import HANDED_IN
from tests.attacks.honest import HONEST
from tests.attacks.insiders import INSIDERS, OPEN
from tests.attacks.reaching import REACHING

ATTACKS = [*GAMING, *REACHING, *EXHAUSTING, *HANDED_IN, *INSIDERS]
ODDITIES = [*HONEST]

_BELIEVER = "It gains where the tester believes whatever comes over the channel."
_CLOCK = "It holds up a grader that sets no time for a cell: stock nbgrader waits for it as long as its limit is."

# Why the attacks that gain nothing under stock nbgrader are attacks all the same.
WITHSTOOD = {
    "thread-that-stays": "A process that is asked to end, and waited for, does not: stock nbgrader kills its kernels.",
    "endless-output": "200 MB pass through stock nbgrader, which cuts them off only when all are there.",
    "endless-native-loop": _CLOCK,
    "sleeps": _CLOCK,
    "waits-for-input": _CLOCK,
    "slow-after-the-answer": _CLOCK,
    "overflows-the-stack": "It ends the process on a smaller stack.",
    "tests-deleted": "It gains where a test that raised nothing has passed.",
    "tests-first": "It gains where tests are run after all answers, as some graders do.",
    "kernel-of-bash": "It is not graded where the notebook says what runs it.",
    "link-to-a-folder": "A grader that follows links copies /proc, or the teacher's whole disk.",
    "odd-names-beside": "They are commands for a grader that passes names to a shell, and paths for one that joins "
    "them.",
    "markup": "Stock nbgrader's feedback carries the scripts into the reader's browser.",
    "uninitialized-memory": "It read the hidden tests from a tester that called every class it was asked to.",
    "array-of-addresses": "It ended a tester that called every class it was asked to, and could have run code there.",
    "memory-of-the-tester": _BELIEVER,
    "calls-back-without-end": _BELIEVER,
    "rebinds-trusted-names": _BELIEVER,
    "changes-the-tests-values": _BELIEVER,
    "empty-probe": "It gains where all of no rows have passed.",
    "probe-of-objects": _BELIEVER,
    "value-that-changes": "It gains where a value is asked for until it fits.",
    "colliding-counter": _BELIEVER,
    "prints-what-it-is-asked": "Stock nbgrader's feedback shows the hidden tests themselves.",
    "remembers-what-it-is-asked": "Stock nbgrader's feedback shows the hidden tests themselves.",
    "imports-the-reference": "It gains where nobody looks whose object it is.",
    "denies-the-reference": "Its points are those that anybody gets who copies what is public.",
}


def by_name():
    return {one.name: one for one in [*ATTACKS, *OPEN, *ODDITIES]}
