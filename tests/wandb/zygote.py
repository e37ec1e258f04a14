"""Runs inside a generation's environment: imports the wandb package once and forks a process for every command or script that is asked for.

    zygote.py SOCKET

A client connects and sends one JSON line: {"arguments": [...]} for the wandb command line or {"script": "...", "result": PATH} for Python, with "environment", "folder" and
"output" (a file). It gets {"pid": N} at once and {"exit": N} at the end. Nothing of the package is replaced: the fork only saves its import.
"""
import gc
import json
import os
import random
import signal
import socket
import sys

import wandb  # noqa: F401 - imported for the children
from wandb.cli import cli


def perform(order):
    if "arguments" in order:
        sys.argv = ["wandb", *order["arguments"]]
        cli.cli()
        return
    sys.argv = ["script.py"]
    names = {"__name__": "__main__", "wandb": wandb, "result": None}
    exec(compile(order["script"], "script.py", "exec"), names)  # pylint: disable=exec-used
    with open(order["result"], "w", encoding="utf-8") as file:
        json.dump(names["result"], file)


def become(order):
    """Turns this process into what a shell would have started."""
    os.setsid()
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    output = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Python makes its own generator anew after a fork; the package has one that would give every child the same ids.
    for generator in (each for each in gc.get_objects() if isinstance(each, random.Random)):
        generator.seed()


def main():
    os.umask(0o077)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen()
    print("ready", flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        client, _ = listener.accept()
        if os.fork():
            client.close()
            continue
        listener.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        order = json.loads(client.makefile().readline())
        child = os.fork()
        if child:
            client.sendall(b'{"pid": %d}\n' % child)
            _, status = os.waitpid(child, 0)
            client.sendall(b'{"exit": %d}\n' % os.waitstatus_to_exitcode(status))
            os._exit(0)
        client.close()
        become(order)
        perform(order)
        return


main()
