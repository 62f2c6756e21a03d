"""Every kernel of this environment runs this file before its first cell, whatever started it."""

from course_lib import starting

starting.put_course_on_path()
starting.tell_of_new_python(get_ipython())  # noqa: F821
del starting
