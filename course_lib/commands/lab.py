"""`course lab`: JupyterLab in work/, in place of this process, at the place of last time.

JupyterLab has no address for a cell of a notebook that it is only just opening. So its server, which loads this module
too, writes into the page where the notebook goes on, and learner_config/labextensions/descent/place.js goes there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from course_lib.commands.course import Course, CourseError, notebooks_in
from course_lib.commands.spelling import say

# Switches off what a learner alone has no use for: nbgrader's menus for teachers, which also cost seconds at every
# start, and JupyterLab's question about news. A teacher types `jupyter lab`.
LEARNER_CONFIG = Path(__file__).with_name("learner_config")


def command(course: Course, chapter: str, browser: bool, port: int | None, passed_on: list[str]) -> list[str]:
    """Return the command line that opens JupyterLab in work/ on the first notebook of `chapter`."""
    page = "/".join(quote(part) for part in (chapter, notebooks_in(course.work / chapter)[0].name))
    line = [
        *(sys.executable, "-m", "jupyterlab"),
        "--Application.log_level=ERROR",  # its log would bury the address, and looks like trouble
        f"--ServerApp.root_dir={course.work}",
        f"--LabApp.default_url=/lab/tree/{page}",
        f"--LabApp.extra_labextensions_path={LEARNER_CONFIG / 'labextensions'}",
    ]
    if not browser:
        line.append("--no-browser")
    if port is not None:
        line.append(f"--port={port}")
    return line + passed_on


def chapter_of_last_time(course: Course) -> str:
    """Return the chapter in which a learner goes on; the first one at first."""
    from course_lib.commands.progress import chapters_of, next_step

    chapters = chapters_of(course)
    step = next_step(chapters)
    if step is not None:
        return step.chapter
    return max(chapters, key=lambda chapter: chapter.last).name if chapters else course.chapters()[0]


def is_within(course: Course) -> bool:
    """Return whether this is a terminal of a JupyterLab that shows `course` already."""
    root = os.environ.get("JUPYTER_SERVER_ROOT")
    return bool(root) and Path(root).resolve() == course.work.resolve()


def become(course: Course, line: list[str]) -> int:
    """Run `line` in work/ so that Ctrl-C and exit code are JupyterLab's own; returns only where it must (Windows)."""
    environment = dict(os.environ)
    # Where this is set, every kernel compiles the course's modules anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    configured = environment.get("JUPYTER_CONFIG_PATH")
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join([str(LEARNER_CONFIG), *([configured] if configured else [])])
    if os.name == "posix" and os.geteuid() == 0 and not any("allow" in word for word in line):
        allowed = '`course lab -- --allow-root`, or `make lab ARGUMENTS="-- --allow-root"`'
        say(f"You are root, as which JupyterLab may refuse to run; {allowed}, allows it.", err=True)
    say("JupyterLab runs as long as this terminal is open; Ctrl-C, twice, ends it.")
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


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Have each page of JupyterLab told where its notebook goes on; Jupyter's server calls this when it starts."""
    work, settings = Path(server.root_dir), server.web_app.settings
    earlier = settings.get("page_config_hook", lambda handler, page: page)

    def hook(handler, page):
        path = (handler.path_kwargs.get("tree") or "").removeprefix("/tree/")
        notebook = (work / path).resolve()
        if notebook.suffix != ".ipynb" or work.resolve() not in notebook.parents or not notebook.is_file():
            return earlier(handler, page) | {"descentPlace": {"path": "", "cell": ""}}
        return earlier(handler, page) | {"descentPlace": {"path": path, "cell": _place(server, work, notebook)}}

    settings["page_config_hook"] = hook


def _place(server: Any, work: Path, notebook: Path) -> str:
    from course_lib.commands.progress import place_in

    try:
        return place_in(notebook, work)
    except CourseError as error:  # the page opens all the same, at the top
        server.log.warning(str(error))
        return ""
