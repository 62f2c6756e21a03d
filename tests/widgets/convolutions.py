"""What the tests of the convolution explorer have in common: what its sentence says, and the parts of its picture."""

import re


def told(explorer, pattern):
    """The numbers that the sentence tells where `pattern` stands in it."""
    found = re.search(pattern, explorer.sentence)
    assert found, explorer.sentence
    return [float(number.replace("−", "-").replace(" ", "")) for number in found.groups()]


def says(explorer):
    return int(told(explorer, r"The network says (\d)")[0])


def sums(explorer):
    """(the sum with the bias, after ReLU) of the place."""
    return told(explorer, r"with the bias \S+ that is (\S+), and after ReLU (\S+)\. ")


def part(explorer, name):
    explorer.stage.flush()
    return getattr(explorer._picture, name)
