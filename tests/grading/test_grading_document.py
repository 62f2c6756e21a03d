"""What docs/grading.md says holds: the table of constructs, and the limits."""

import re

from course_lib.grading.execute import ExecuteSplit
from tests.grading.constructs.bank import constructs
from tests.grading.table_of_constructs import in_the_document, table


def test_the_table_is_the_banks():
    _, written, _ = in_the_document()
    assert written == table(), "The bank has changed: python -m tests.grading.table_of_constructs"


def test_every_construct_is_in_the_table():
    written = table().replace("`", "")
    shown = [each.name if each.expected == "runs" else f"{each.name}: {each.why[:10]}" for each in constructs()]
    assert [name for name in shown if name.replace("`", "") not in written] == []


def test_the_limits_that_are_named_are_the_defaults():
    before, _, after = in_the_document()
    (block,) = re.findall(r"```python\n(c\.ExecuteSplit\.timeout.*?)```", before + after, re.DOTALL)
    named = {
        name: eval(value) for name, value in re.findall(r"^c\.ExecuteSplit\.(\w+) = ([\d.* ]+)", block, re.MULTILINE)
    }
    assert named.keys() == {"timeout", "wall", "cpu", "memory", "processes", "disk"}
    assert named == {name: getattr(ExecuteSplit(), name) for name in named}
