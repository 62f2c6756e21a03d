"""Run a submission split in two: the learner's cells where they can hurt nobody, the tests where they are safe.

    worker (course_lib.grading.execute)           trusted: gradebook, teacher's notebook
      ├─ testers.py: forks a tester.py             trusted: the test cells, one process for each submission
      └─ sandbox:    forks a learner.py            not trusted: the learner's cells, in a real IPython shell
             tester ←── channel (link.py) ──→ learner

`plan.py` reads the teacher's notebook, by its syntax (`syntax.py`): which statements are trusted, which names are the
learner's, which operators the teacher's own classes define. `proxies.py` is what the tests hold in place of the
learner's objects, `borrowed.py` what the learner's code holds in place of the tests'. `values.py` lists what crosses
by value besides plain values. What one process would share besides, from patched functions to files, `shared.py`
tells the other side. `one_core.py` is for libraries that expect more cores than one.

    plan = plan.read([TeacherCell("imports", "import numpy as np", "other"), …])
    with Split(plan.modules, plan.exercises) as split:                     # running.py
        ran = split.run(plan, [Cell("cell 1", "def f(x): …", "run"), Cell("test 1", "assert f(1) == 2", "test"), …])

A test's `Cell.name` is that of its `TeacherCell`. One `Split` serves any number of submissions, and of plans.
"""
