"""What makes a kernel quiet, and `course` a command that is found, wherever the two are started.

The environment's `etc/` (made from course_lib/etc) has every kernel and every Jupyter server of this environment come
here first: JupyterLab's however it was started, VS Code's, a bare `python -m ipykernel_launcher`.
"""

import logging
import os
import sys

# TensorFlow says on stderr, once for each of its libraries, how fast it is. Errors are still shown. The message about
# oneDNN heeds no level, and with oneDNN sums would come in another order than that of the outputs stored in chapters.
QUIET_TENSORFLOW = {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0"}


def be_quiet() -> None:
    """Keep off stderr what nobody can act on; whatever a user has set stays."""
    if "tensorflow" not in sys.modules:  # which reads them once
        for name, value in QUIET_TENSORFLOW.items():
            os.environ.setdefault(name, value)
    # matplotlib's first import on a slow machine.
    logging.getLogger("matplotlib.font_manager").addFilter(_says_more_than_wait)
    # Where there is a prompt, TensorFlow tells of each strategy and each sum over devices.
    logging.getLogger("tensorflow").addFilter(_is_no_news)


def tell_of_new_python(shell) -> None:
    """Have a cell that misses a name, before any has run through, say that the kernel is new: a notebook opened again
    shows the outputs of last time, as if all of it had just run."""

    def after_run(result) -> None:
        if result.info.raw_cell.strip() and result.success:
            shell.events.unregister("post_run_cell", after_run)
        elif isinstance(result.error_in_exec, NameError) and "course_lib.cells" not in sys.modules:  # which knows more
            from IPython.display import display

            from course_lib.checking.report import Notice

            display(Notice(NEW_PYTHON))

    shell.events.register("post_run_cell", after_run)


NEW_PYTHON = (
    "Python has started anew and knows nothing of what ran before: since then no cell above this one has run. Choose "
    "Run → Run All Above Selected Cell, then run this one again."
)


def _says_more_than_wait(record: logging.LogRecord) -> bool:
    return "building the font cache" not in record.getMessage()


def _is_no_news(record: logging.LogRecord) -> bool:
    return record.levelno > logging.INFO


def put_course_on_path() -> None:
    """Have this process's children find this environment's programs first, also where nobody activated it."""
    path = os.environ.get("PATH", os.defpath)
    if path.split(os.pathsep)[0] != _programs():
        os.environ["PATH"] = os.pathsep.join([_programs(), path])


def _programs() -> str:
    import sysconfig

    return sysconfig.get_path("scripts")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "course_lib.starting"}]


def _load_jupyter_server_extension(server) -> None:
    """Make `course` a command of the terminals and kernels of a Jupyter server that is starting."""
    put_course_on_path()
    if os.name == "nt" or sys.stdout.isatty() or "shell_command" in server.terminado_settings:
        return
    # A server that was started outside a terminal gives login shells, for which /etc/profile often sets PATH anew.
    import shlex

    shell = os.environ.get("SHELL") or "/bin/sh"
    begin = f'exec env PATH={shlex.quote(_programs())}:"$PATH" {shlex.quote(shell)}'
    server.terminado_settings = {**server.terminado_settings, "shell_command": [shell, "-l", "-c", begin]}
