"""The library that a learner writes: answers that passed, made to stand alone, kept in their home, and used.

    check("softmax", softmax) passes ─→ keep: used at once in this kernel
                                          └─ extract: its source, with the imports and helpers that it uses
                                               └─ waiting: a draft, for one detached process that loads it anew, verify
                                                   └─ shelf: your_library/activations.py, written whole, then renamed
    yours.softmax ─→ serving: the learner's, where the file is what was verified; else the reference

`guard` keeps an answer from calling the reference, or its own older self, while it is checked.
"""
