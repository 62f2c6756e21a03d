"""A bank of answers to chapter 04 as people write them, collected from homework, forums and old code.

It was written before the exercises' probes. As in chapter 05's bank, most answers are one of a few texts that everybody
writes, with the lines in which this answer differs, and each says what a true diagnosis of it must speak of.
"""
