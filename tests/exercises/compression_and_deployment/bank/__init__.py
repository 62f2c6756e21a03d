"""A bank of answers to chapter 12 as people write them, collected before its probes and misconceptions were written.

Each case says the exercise and what a true diagnosis of it must speak of, as a regular expression; RIGHT stands for a
right answer, which must pass.
"""
