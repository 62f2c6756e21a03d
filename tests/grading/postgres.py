"""A real PostgreSQL in a temporary folder, run by a user who is not root: initdb refuses root."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest


class Postgres:
    """A server that listens on a socket in its folder only."""

    def __init__(self, folder):
        self.folder, self.data = folder, folder / "data"
        (newest,) = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))[-1:]
        self.programs = newest.parent
        self.user = None
        if os.geteuid() == 0:
            self.user = pwd.getpwnam("postgres")
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        self.run("initdb", "-D", self.data, "-U", "teacher", "-A", "trust", "--no-sync", "-E", "UTF8")
        self.control("start")
        self.databases = 0

    def run(self, program, *arguments):
        as_user = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        done = subprocess.run(
            [self.programs / program, *map(str, arguments)],
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=(output := (self.folder.parent / f"{program}.txt").open("w+")),
            stderr=subprocess.STDOUT,
            **as_user,
        )
        output.seek(0)
        said = output.read()
        output.close()
        assert done.returncode == 0, said

    def control(self, what, mode="immediate"):
        """start, stop or restart it; `immediate` is what a power cut would do to connections."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c max_connections=20"
        rest = ["-m", mode] if what != "start" else []
        rest += ["-o", options] if what != "stop" else []
        self.run("pg_ctl", "-w", "-D", self.data, "-l", self.folder / "log", *rest, what)

    def new_database(self):
        """Return the address of an empty database."""
        self.databases += 1
        name = f"grades{self.databases}"
        self.run("createdb", "-h", self.folder, "-U", "teacher", "-E", "UTF8", "-T", "template0", name)
        return f"postgresql://teacher@/{name}?host={self.folder}"


@pytest.fixture(scope="module")
def postgres():
    # Not pytest's own folder, into which nobody else may look; a socket's path must be short, too.
    parent = Path(tempfile.mkdtemp(prefix="pg-"))
    parent.chmod(0o755)
    folder = parent / "server"
    folder.mkdir(mode=0o700)
    server = Postgres(folder)
    try:
        yield server
    finally:
        server.control("stop")
        shutil.rmtree(parent)
