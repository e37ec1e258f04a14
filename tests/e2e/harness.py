"""Drives the real slipway program: servers, agents and the command line in folders of their own, on ports that the kernel gives.

Nothing here sleeps to let something happen: wait_until() looks at a condition until it holds, and fails with the logs when it never does.
"""
import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SLIPWAY = Path(os.environ.get("SLIPWAY_BINARY", ROOT / "build/release/slipway")).resolve()
PATIENCE = float(os.environ.get("SLIPWAY_TEST_PATIENCE", "60"))
ENDED = ("FINISHED", "FAILED", "STOPPED")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(what, condition, patience=PATIENCE):
    """The first true value of condition(). The pause only bounds how often it is asked."""
    deadline = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience:.0f} s in vain for: {what}")
        time.sleep(0.02)


class Process:
    """A child with its output in a file."""

    def __init__(self, arguments, env, log):
        self.log = log
        with open(log, "ab") as output:
            self.child = subprocess.Popen([str(a) for a in arguments], env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=log.parent)

    def running(self):
        return self.child.poll() is None

    def stop(self, sig=signal.SIGTERM):
        if self.running():
            self.child.send_signal(sig)
        return self.child.wait(timeout=PATIENCE)

    def kill(self):
        return self.stop(signal.SIGKILL)

    def wait(self, patience=PATIENCE):
        return self.child.wait(timeout=patience)

    def output(self):
        return self.log.read_text(errors="replace")


class Site:
    """A server's folder and address, with a client's view of it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.home = self.folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        self.data = self.folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.children = []
        self.count = 0

    # -- processes

    def environment(self, **extra):
        env = {name: value for name, value in os.environ.items() if not name.startswith(("WANDB_", "SLIPWAY_KILL", "XDG_"))}
        env.update(HOME=str(self.home), WANDB_BASE_URL=self.url, NO_COLOR="1")
        key = self.data / "admin.key"
        if key.exists():
            env["WANDB_API_KEY"] = key.read_text().strip()
        env.update({name: str(value) for name, value in extra.items() if value is not None})
        return env

    def spawn(self, name, arguments, env):
        self.count += 1
        child = Process([SLIPWAY, *arguments], env, self.folder / f"{self.count:02d}-{name}.log")
        self.children.append(child)
        return child

    def start_server(self, *flags, **env):
        server = self.spawn("server", ["server", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", *flags], self.environment(**env))

        def serves():
            if not server.running():
                raise AssertionError("the server ended:\n" + server.output())
            with contextlib.suppress(OSError):
                return urllib.request.urlopen(self.url + "/healthz", timeout=5).status == 200

        wait_until("the server to serve", serves)
        return server

    def start_agent(self, *queues, name="agent", flags=(), wait=True, **env):
        arguments = ["launch-agent", "-v"]
        for queue in queues:
            arguments += ["-q", queue]
        agent = self.spawn(name, arguments + list(flags), self.environment(SLIPWAY_STATE_DIR=self.folder / name, **env))
        if wait:
            self.wait_for_agent(agent)
        return agent

    @staticmethod
    def wait_for_agent(agent):
        def ready():
            if not agent.running():
                raise AssertionError("the agent ended:\n" + agent.output())
            return "polls for items" in agent.output()

        wait_until("the agent to poll", ready)

    def close(self):
        for child in reversed(self.children):
            if child.running():
                child.stop()

    # -- command line

    def run(self, *arguments, env=None, cwd=None, stdin=None):
        return subprocess.run([str(SLIPWAY), *map(str, arguments)], env=env or self.environment(), cwd=cwd or ROOT, input=stdin, text=True,
                              capture_output=True, timeout=PATIENCE * 3)

    def cli(self, *arguments, **options):
        done = self.run(*arguments, **options)
        if done.returncode != 0:
            raise AssertionError(f"slipway {' '.join(map(str, arguments))} exited with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def cli_json(self, *arguments, **options):
        return json.loads(self.cli(*arguments, "--json", **options))

    # -- protocol

    def graphql(self, query, key=None, **variables):
        """The whole answer: data and errors."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        key = key or (self.data / "admin.key").read_text().strip()
        login = base64.b64encode(f"api:{key}".encode()).decode()
        request = urllib.request.Request(self.url + "/graphql", body, {"Content-Type": "application/json", "Authorization": "Basic " + login})
        try:
            with urllib.request.urlopen(request, timeout=70) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return json.loads(error.read())

    def item(self, item_id):
        query = """query($id: ID!) { runQueueItem(id: $id) { id phase stage attempt deliveries exitCode waitReason position agentName cancelRequested
          unreachableSince image error { message failureClass stage } run { name state projectName } events { at from to actor reason attempt } backendRequest } }"""
        return self.graphql(query, id=item_id)["data"]["runQueueItem"]

    def wait_for_phase(self, item_id, *phases, patience=PATIENCE):
        def reached():
            item = self.item(item_id)
            if item["phase"] in ENDED and item["phase"] not in phases:
                raise AssertionError(f"the item ended as {item['phase']}: {json.dumps(item, indent=1)}")
            return item if item["phase"] in phases else None

        return wait_until(f"item {item_id} to be {' or '.join(phases)}", reached, patience)

    def log_lines(self, run):
        return self.cli("run", "logs", run).splitlines()


class SiteTest(unittest.TestCase):
    """A fresh site for each test; its folder is kept, and named, when the test fails."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="slipway-e2e-"))
        self.site = Site(self.folder)
        self.addCleanup(self.finish)

    def finish(self):
        self.site.close()
        failed = any(error for _, error in getattr(self._outcome, "errors", []) if error) or bool(
            getattr(self._outcome, "result", None) and any(test is self for test, _ in self._outcome.result.failures + self._outcome.result.errors))
        if failed:
            print(f"\nkept for a look: {self.folder}")
            for child in self.site.children:
                print(f"--- {child.log.name}\n" + "\n".join(child.output().splitlines()[-25:]))
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def job_folder(self, script, name="job", **files):
        """A directory with main.sh (or main.py, by its first line) and other files."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "main.sh").write_text(script)
        for path, text in files.items():
            (folder / path).write_text(text)
        return folder

    def launch(self, script, queue="q1", flags=(), name="job", entry="sh main.sh"):
        return self.site.cli_json("launch", "-u", self.job_folder(script, name), "-E", entry, "-q", queue, *flags)


def main():
    program = unittest.main(module="__main__", exit=False, verbosity=2)
    result = program.result
    broken = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - broken} passed, {broken} failed")
    raise SystemExit(1 if broken or not result.testsRun else 0)
