"""Imported in the warm parent of the sandbox: makes the shell, and goes through the slow first steps of a learner's."""

from course_lib.grading.split import learner

learner.warm_shell()
