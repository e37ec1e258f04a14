"""Runs the tests of the unmodified wandb package with one of its generations, and leaves a record of every call.

    run.py GENERATION [--suite test|docker] [--work FOLDER] [NAME…]      NAMEs as unittest has them: test_queues, test_queues.Queues.test_create
"""
import argparse
import json
import os
import sys
import unittest
from pathlib import Path

import environments

HERE = Path(__file__).resolve().parent


def keep_records(given, records):
    """A run of everything makes the record anew; a run of some tests replaces their rows."""
    folder = given.work / "records"
    folder.mkdir(exist_ok=True)
    file = folder / f"{given.generation}-{given.suite}.json"
    if given.names and file.exists():
        made = {(record["section"], record["call"]) for record in records}
        records = [record for record in json.loads(file.read_text()) if (record["section"], record["call"]) not in made] + records
    file.write_text(json.dumps(records, indent=1))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("generation", choices=environments.generations())
    arguments.add_argument("--suite", default="test", help="files SUITE_*.py; docker needs a Docker engine (tests/support/dockerd)")
    arguments.add_argument("--work", type=Path, default=HERE.parents[1] / "build/wandb", help="where environments and records are kept")
    arguments.add_argument("names", nargs="*")
    given = arguments.parse_args()

    if "SLIPWAY_TEST_GIT" not in os.environ:
        servers = HERE.parents[0] / "support/git-servers"
        os.execv(servers, [str(servers), "run", sys.executable, *sys.argv])
    os.environ["SLIPWAY_WANDB_PYTHON"] = str(environments.environment(given.generation, given.work))
    os.environ["SLIPWAY_WANDB_GENERATION"] = given.generation
    sys.path.insert(0, str(HERE))
    import wandb_harness  # pylint: disable=import-outside-toplevel

    loader = unittest.TestLoader()
    suite = loader.loadTestsFromNames(given.names) if given.names else loader.discover(HERE, f"{given.suite}_*.py")
    try:
        result = unittest.TextTestRunner(verbosity=2).run(suite)
    finally:
        wandb_harness.Zygote.close()
    keep_records(given, wandb_harness.WandbTest.records)
    broken = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - broken} passed, {broken} failed")
    return 1 if broken or not result.testsRun else 0


sys.exit(main())
