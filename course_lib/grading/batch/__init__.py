"""Grade a whole class: independent jobs, one a submission, on this machine's cores or on a Dask cluster.

    coordinator                                        worker, a process of its own for each core
    run.py       which submissions, in which order     pipeline.py   one submission, through nbgrader's preprocessors
    gradebook.py writes each result, whole        ←──  submission.py reads files that nobody may trust
                 ↓                                     snapshot.py   a gradebook in memory, for one submission
    places the graded files, notes it in the journal   process.py    starts the process, does a lost job again

A worker never sees the class's gradebook. It gets the assignment's cells and the student's own rows, works in a
gradebook in memory, and returns what the submission got. The coordinator alone writes: first one transaction in the
gradebook, then the graded files by one rename, then a line in the journal. So files that are in place mean scores that
are written, and a run that is cut short anywhere can be finished: the job that was between two of these steps is done
again, and ends the same.
"""
