"""A Jupyter server as a learner starts it, asked over its own API for kernels and terminals."""

import contextlib
import json
import subprocess
import time
import urllib.request
from pathlib import Path

import websocket
from jupyter_client import BlockingKernelClient


class Server:
    def __init__(self, process, runtime: Path, log: Path, token: str):
        self.process, self.runtime, self.log, self.token = process, runtime, log, token
        self.url = json.loads(self._wait_for(lambda: self._file("jpserver-*.json").read_text()))["url"]
        self._wait_for(lambda: self._ask("api/status", method="GET"))

    def _file(self, pattern: str) -> Path:
        return next(self.runtime.glob(pattern), self.runtime / pattern)

    def _wait_for(self, look):
        """Return what `look` gives, as soon as it no longer raises OSError: what it looks at is not there yet."""
        deadline = time.monotonic() + 120
        while True:
            try:
                return look()
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()[-3000:]
                time.sleep(0.1)

    def _ask(self, path: str, method: str):
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        data = b"{}" if method == "POST" else None
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def setting(self, plugin: str) -> dict:
        """Return what one of JupyterLab's plugins is told where its user has said nothing."""
        schema = self._ask(f"lab/api/settings/{plugin}", method="GET")["schema"]["properties"]
        return {name: each.get("default") for name, each in schema.items()}

    @contextlib.contextmanager
    def kernel(self):
        """Lend a client of a new kernel of this server, which ends with the server."""
        name = self._ask("api/kernels", method="POST")["id"]
        connection = self._file(f"kernel-{name}.json")
        client = BlockingKernelClient()
        client.load_connection_file(str(connection))
        client.start_channels(hb=False)  # a busy machine beats late, and would count as dead
        try:
            client.wait_for_ready(timeout=120)
            yield client
        finally:
            client.stop_channels()

    def type_in_terminal(self, line: str) -> str:
        """Type `line` in a new terminal, and return what it shows until that has been done."""
        name = self._ask("api/terminals", method="POST")["name"]
        address = f"ws{self.url.removeprefix('http')}terminals/websocket/{name}?token={self.token}"
        terminal, shown = websocket.create_connection(address, timeout=60), ""
        try:
            # The shell works the number out: what is typed is shown as well, and is not what was done.
            terminal.send(json.dumps(["stdin", f"{line}; echo done-$((6 * 7))\r"]))
            while "done-42" not in shown:
                kind, *what = json.loads(terminal.recv())
                shown += what[0] if kind == "stdout" else ""
        finally:
            terminal.close()
        return shown


@contextlib.contextmanager
def running_server(command, folder: Path, environment: dict[str, str], runtime: Path):
    """Run `command`, which starts a Jupyter server in `folder`, without a terminal, and lend it."""
    token, log = "a-token-of-the-test", runtime.with_name("server.log")
    runtime.mkdir(parents=True)
    options = ["--ServerApp.port=0", f"--IdentityProvider.token={token}", "--allow-root"]
    with log.open("w") as written:
        process = subprocess.Popen(
            [*command, *options],
            cwd=folder,
            env=environment | {"JUPYTER_RUNTIME_DIR": str(runtime)},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
        )
        try:
            yield Server(process, runtime, log, token)
        finally:
            process.terminate()  # upon which it shuts its kernels down
            try:
                process.wait(30)
            finally:
                process.kill()
                process.wait()
