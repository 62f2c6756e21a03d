"""Every kernel of this environment runs this file before its first cell, whatever started it."""

from course_lib import starting

starting.put_course_on_path()
del starting
