"""A bank of answers to chapter 05 as people write them, collected from homework, forums and old code.

Most are one of a few texts that everybody writes, with the line in which this answer differs. Each case says the
exercise and what a true diagnosis of it must speak of, as a regular expression; RIGHT stands for a right answer, which
must pass, and LIST for a generator of right values, which may pass or be told what is missing.
"""

LIST = r"list\("
