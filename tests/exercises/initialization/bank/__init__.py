"""Answers to chapter 02's exercises as people really write them, collected before its probes were written."""

from tests.exercises.banks import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong
