"""Answers to chapter 08's exercises as people really write them, collected before its misconceptions were looked at."""

from tests.exercises.banks import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong
