"""`course lab`: JupyterLab in work/, in place of this process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from course_lib.commands.course import Course, notebooks_in

# Switches off what a learner alone has no use for: nbgrader's menus for teachers, which also cost seconds at every
# start, and JupyterLab's question about news. A teacher types `jupyter lab`.
LEARNER_CONFIG = Path(__file__).with_name("learner_config")


def command(course: Course, chapter: str, browser: bool, port: int | None, passed_on: list[str]) -> list[str]:
    """Return the command line that opens JupyterLab in work/ on the first notebook of `chapter`."""
    page = "/".join(quote(part) for part in (chapter, notebooks_in(course.work / chapter)[0].name))
    line = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={course.work}",
        f"--LabApp.default_url=/lab/tree/{page}",
    ]
    if not browser:
        line.append("--no-browser")
    if port is not None:
        line.append(f"--port={port}")
    return line + passed_on


def become(course: Course, line: list[str]) -> int:
    """Run `line` in work/ so that Ctrl-C and exit code are JupyterLab's own; returns only where it must (Windows)."""
    environment = dict(os.environ)
    # Where this is set, every kernel compiles the course's modules anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    configured = environment.get("JUPYTER_CONFIG_PATH")
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join([str(LEARNER_CONFIG), *([configured] if configured else [])])
    os.chdir(course.work)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(line[0], line, environment)
    process = subprocess.Popen(line, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # JupyterLab got it too, and asks whether to stop
