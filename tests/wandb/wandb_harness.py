"""What the tests of the unmodified wandb package share: a real slipway server, the package's commands and scripts, and the record of what worked.

Every call that a user of the package can make is one `with self.entry(section, call)` around the assertions about it. Passing means *works*; `entry.differs(note)` says in
what way a call that passes its assertions is not what W&B's own server does; `self.missing(section, call)` says that the generation has no such call. docs/wandb-compatibility.md
is made of these records (table.py), so a call that nothing asserts cannot be in it.
"""
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
from harness import PATIENCE, ROOT, Site, wait_until  # noqa: E402, F401 pylint: disable=unused-import,wrong-import-position

PYTHON = Path(os.environ["SLIPWAY_WANDB_PYTHON"])
GENERATION = os.environ["SLIPWAY_WANDB_GENERATION"]


def at_least(version):
    def numbers(text):
        return [int(part) for part in text.split(".")]

    return numbers(GENERATION) >= numbers(version)


class Zygote:
    """The process that has imported the package; see zygote.py. One for a whole run."""

    current = None

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="slipway-zygote-"))
        self.socket = self.folder / "s"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WANDB_")}
        environment.update(HOME=str(self.folder), WANDB_ERROR_REPORTING="false")
        command = [PYTHON, Path(__file__).resolve().parent / "zygote.py", self.socket]
        self.process = subprocess.Popen(command, env=environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "ready":
            raise AssertionError("the wandb package could not be imported")

    @classmethod
    def get(cls):
        cls.current = cls.current or Zygote()
        return cls.current

    @classmethod
    def close(cls):
        if cls.current:
            cls.current.process.kill()
            cls.current.process.wait()
            cls.current.process.stdout.close()
            shutil.rmtree(cls.current.folder, ignore_errors=True)
            cls.current = None


class Command:
    """One forked command or script."""

    def __init__(self, name, output, environment, folder, **order):
        self.name, self.log = name, output
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(str(Zygote.get().socket))
        self.lines = self.connection.makefile()
        order.update(environment=environment, folder=str(folder), output=str(output))
        self.connection.sendall(json.dumps(order).encode() + b"\n")
        self.pid = json.loads(self.lines.readline())["pid"]
        self.code = None

    def running(self):
        if self.code is None:
            self.connection.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                if self.connection.recv(1, socket.MSG_PEEK):
                    self.connection.setblocking(True)
                    self.wait()
            self.connection.setblocking(True)
        return self.code is None

    def wait(self, patience=PATIENCE):
        if self.code is None:
            self.connection.settimeout(patience)
            try:
                self.code = json.loads(self.lines.readline())["exit"]
            except TimeoutError:
                self.signal(signal.SIGKILL)
                raise AssertionError(f"{self.name} did not end within {patience:.0f} s:\n{self.output()}") from None
            self.connection.close()
            self.lines.close()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        return self.code

    def signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def stop(self):
        """Like Ctrl-C, which reaches the command and not what it started in the background."""
        if self.running():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGINT)
        return self.wait()

    def output(self):
        return self.log.read_text(errors="replace")


class Done:
    """A command that has ended."""

    def __init__(self, command, patience):
        self.code = command.wait(patience)
        self.output = command.output()

    def __str__(self):
        return f"exit {self.code}\n{self.output}"


class WandbSite(Site):
    """A server as the package's user sees it."""

    def environment(self, **extra):
        environment = super().environment()
        environment.update(WANDB_ERROR_REPORTING="false", WANDB_LAUNCH_START_TIMEOUT="60", PATH=f"{PYTHON.parent}:{environment['PATH']}",
                           XDG_CACHE_HOME=str(self.home / ".cache"), PYTHONUNBUFFERED="1", PYTHONWARNINGS="ignore", COLUMNS="200")
        for name, value in extra.items():
            if value is None:
                environment.pop(name, None)
            else:
                environment[name] = str(value)
        return environment

    def close(self):
        for child in self.children:
            if isinstance(child, Command) and child.running():
                child.signal(signal.SIGKILL)
                child.wait()
        super().close()

    def work_folder(self):
        work = self.folder / "work"
        work.mkdir(exist_ok=True)
        return work

    def _start(self, name, environment, folder, **order):
        self.count += 1
        output = self.folder / f"{self.count:02d}-{name}.log"
        output.touch()
        command = Command(name, output, environment or self.environment(), folder or self.work_folder(), **order)
        self.children.append(command)
        return command

    def start_wandb(self, *arguments, environment=None, folder=None):
        """`wandb ARGUMENTS…` that goes on in the background."""
        return self._start("wandb-" + str(arguments[0]), environment, folder, arguments=[str(argument) for argument in arguments])

    def wandb(self, *arguments, environment=None, folder=None, patience=PATIENCE):
        return Done(self.start_wandb(*arguments, environment=environment, folder=folder), patience)

    def start_python(self, script, environment=None, folder=None):
        return self._start("script", environment, folder, script=script, result=str(self.folder / f"result-{self.count}"))

    def python(self, script, environment=None, folder=None, patience=PATIENCE):
        """Runs a script that has `wandb` imported, and gives what it left in `result`."""
        result = self.folder / f"result-{self.count}"
        done = Done(self.start_python(script, environment, folder), patience)
        if done.code != 0:
            raise AssertionError(f"the script failed:\n{script}\n{done}")
        return json.loads(result.read_text())

    def data_of(self, query, **variables):
        """Data of our own GraphQL, to look at what a call left on the server."""
        answer = self.graphql(query, **variables)
        if answer.get("errors"):
            raise AssertionError(json.dumps(answer["errors"], indent=1))
        return answer["data"]


class Entry:
    def __init__(self, section, call):
        self.section, self.call, self.notes = section, call, []

    def differs(self, note):
        self.notes.append(note)


class WandbTest(unittest.TestCase):
    """One server for the tests of a class; its folder is kept, and named, when a test fails."""

    server_flags = ()
    records = []
    broken = False

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="slipway-wandb-"))
        cls.site = WandbSite(cls.folder)
        cls.site.start_server(*cls.server_flags)
        cls.broken = False

    @classmethod
    def tearDownClass(cls):
        cls.site.close()
        if cls.broken:
            print(f"\nkept for a look: {cls.folder}")
        else:
            shutil.rmtree(cls.folder, ignore_errors=True)

    def run(self, result=None):
        result = result or self.defaultTestResult()
        before = len(result.failures) + len(result.errors)
        super().run(result)
        type(self).broken |= len(result.failures) + len(result.errors) > before
        return result

    @contextlib.contextmanager
    def entry(self, section, call):
        entry = Entry(section, call)
        try:
            yield entry
        except BaseException:
            self.records.append({"section": section, "call": call, "outcome": "fails", "notes": []})
            raise
        self.records.append({"section": section, "call": call, "outcome": "differs" if entry.notes else "works", "notes": entry.notes})

    def missing(self, section, call):
        """This generation of the package does not have the call."""
        self.records.append({"section": section, "call": call, "outcome": "not there", "notes": []})

    def assert_done(self, done, *texts):
        self.assertEqual(done.code, 0, done)
        for text in texts:
            self.assertIn(text, done.output)
        return done
