# ruff: noqa
# fmt: off
"""Files: in the working folder and temporary ones, of the test, of the teacher and of the learner."""

# === a temporary file that the test wrote
# %% solution
def count_lines(path):
    with open(path) as file:
        return sum(1 for _ in file)
# %% wrong
def count_lines(path):
    with open(path) as file:
        return len(file.read())
# %% test
import os
import tempfile
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "lines.txt")
    with open(path, "w") as file:
        file.write("one\ntwo\n")
    assert count_lines(path) == 2

# === a temporary file that the learner wrote
# %% solution
import json
def save(record, path):
    with open(path, "w") as file:
        json.dump(record, file)
# %% wrong
def save(record, path):
    with open(path, "w") as file:
        file.write(str(record))
# %% test
import json
import os
import tempfile
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "record.json")
    save({"a": 1}, path)
    with open(path) as file:
        assert json.load(file) == {"a": 1}

# === temporary files as paths, in folders of folders
# %% solution
def copy_all(source, target):
    for path in sorted(source.rglob("*.txt")):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text().upper())
# %% wrong
def copy_all(source, target):
    for path in sorted(source.glob("*.txt")):
        (target / path.name).write_text(path.read_text().upper())
# %% wrong
def copy_all(source, target):
    pass
# %% test
import tempfile
from pathlib import Path
with tempfile.TemporaryDirectory() as source, tempfile.TemporaryDirectory() as target:
    (Path(source) / "a" / "b").mkdir(parents=True)
    (Path(source) / "a" / "b" / "deep.txt").write_text("deep")
    (Path(source) / "top.txt").write_text("top")
    copy_all(Path(source), target=Path(target))
    assert sorted(path.read_text() for path in Path(target).rglob("*.txt")) == ["DEEP", "TOP"]
    assert (Path(target) / "a" / "b" / "deep.txt").exists()

# === a named temporary file
# %% solution
def append(path, line):
    with open(path, "a") as file:
        print(line, file=file)
# %% wrong
def append(path, line):
    with open(path, "w") as file:
        print(line, file=file)
# %% test
import tempfile
with tempfile.NamedTemporaryFile("w+", suffix=".log") as log:
    log.write("one\n")
    log.flush()
    append(log.name, "two")
    log.seek(0)
    assert log.read().split() == ["one", "two"]

# === a missing file
# %% solution
def read_or_empty(path):
    try:
        return open(path).read()
    except FileNotFoundError:
        return ""
def read(path):
    return open(path).read()
# %% wrong
def read_or_empty(path):
    return open(path).read()
def read(path):
    return ""
# %% test
assert read_or_empty("there/is/no/such.file") == ""
# %% test
try:
    read("there/is/no/such.file")
    assert False
except FileNotFoundError:
    pass

# === a file in the working folder that a solution cell wrote
# %% solution
with open("numbers.txt", "w") as file:
    file.write("1\n2\n3\n")
# %% wrong
with open("numbers.txt", "w") as file:
    file.write("1 2 3")
# %% test
import os
assert os.path.exists("numbers.txt")
# %% test
with open("numbers.txt") as file:
    assert [int(line) for line in file] == [1, 2, 3]

# === a file in the working folder that the learner's function wrote
# %% solution
import json
def save(record, path):
    with open(path, "w") as file:
        json.dump(record, file)
# %% wrong
def save(record, path):
    with open(path, "w") as file:
        file.write(str(record))
# %% test
import json
save({"a": [1, 2]}, "record.json")
assert json.load(open("record.json")) == {"a": [1, 2]}
# %% test
from pathlib import Path
assert Path("record.json").read_text().startswith('{"a"')

# === a file in the working folder that the test wrote
# %% solution
def total(path):
    with open(path) as file:
        return sum(int(line) for line in file)
# %% wrong
def total(path):
    with open(path) as file:
        return int(file.readline())
# %% test
with open("amounts.txt", "w") as file:
    file.write("10\n20\n")
assert total("amounts.txt") == 30

# === a file that a teacher's cell wrote
# %% teacher
with open("words.txt", "w") as file:
    file.write("tree\nsea\n")
# %% solution
def longest(path):
    return max(open(path).read().split(), key=len)
# %% wrong
def longest(path):
    return min(open(path).read().split(), key=len)
# %% test
assert longest("words.txt") == "tree"

# === the folder of a temporary file is made, and a draft lies beside it
# %% solution
import os
def save(path, text):
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    with open(folder + "/draft", "w") as file:
        file.write(text)
    os.replace(folder + "/draft", path)
    return sorted(os.listdir(folder))
# %% wrong
import os
def save(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return []
# %% wrong
def save(path, text):
    return ["a.txt", "b.txt"]
# %% test
import os
import tempfile
with tempfile.TemporaryDirectory() as folder:
    first, second = os.path.join(folder, "new", "a.txt"), os.path.join(folder, "new", "b.txt")
    assert save(first, "one") == ["a.txt"]
    assert save(second, "two") == ["a.txt", "b.txt"]
    with open(first) as one, open(second) as two:
        assert (one.read(), two.read()) == ("one", "two")

# === the path of a temporary file comes back, from another working folder
# %% solution
import os
os.makedirs("elsewhere", exist_ok=True)
os.chdir("elsewhere")
def count(path):
    with open(path) as file:
        words = len(file.read().split())
    return words, os.path.isabs(path)
def checked(path):
    count(path)
    return path
# %% wrong
def count(path):
    return 3, False
def checked(path):
    return path
# %% wrong
import os
def count(path):
    with open(path) as file:
        return len(file.read().split()), os.path.isabs(path)
def checked(path):
    return os.path.basename(path)
# %% test
import tempfile
with tempfile.NamedTemporaryFile("w+", suffix=".txt") as file:
    file.write("one two three")
    file.flush()
    assert count(file.name) == (3, True)
    assert checked(file.name) == file.name

# === a list of temporary files
# %% solution
def join(paths):
    texts = []
    for path in paths:
        with open(path) as file:
            texts.append(file.read())
    return "".join(texts)
# %% wrong
def join(paths):
    with open(paths[0]) as file:
        return file.read()
# %% test
import os
import tempfile
with tempfile.TemporaryDirectory() as folder:
    paths = [os.path.join(folder, name) for name in ("a", "b")]
    for path in paths:
        with open(path, "w") as file:
            file.write(path[-1])
    assert join(paths) == "ab"

# === an absolute path in a test that loads objects
# %% solution
def parents(path):
    return path.is_absolute(), len(path.parts)
# %% wrong
def parents(path):
    return True, len(path.parts) + 1
# %% test
import pickle
from pathlib import Path
assert parents(Path("/data/set/file.pickle")) == (True, 4)
