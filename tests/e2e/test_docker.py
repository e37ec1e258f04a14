"""The main job on a real Docker engine: images, code that is built, git, registries, stops, restarts. Run under tests/support/dockerd."""
import json
import os
import subprocess
import unittest
from pathlib import Path

from harness import ROOT, SiteTest, main, wait_until

BUSYBOX = "slipway-test/busybox:1"


def docker(*arguments):
    return subprocess.run(["docker", *arguments], check=True, text=True, capture_output=True).stdout


class OnDocker(SiteTest):
    def setUp(self):
        super().setUp()
        # A shell as first process of a container hears no SIGTERM: the grace of a stop is waited out, so it is short here.
        (self.site.home / ".config/slipway").mkdir(parents=True)
        (self.site.home / ".config/slipway/launch-config.yaml").write_text("stopped_run_timeout: 1\n")
        self.site.start_server()
        self.addCleanup(self.remove_containers)

    @staticmethod
    def remove_containers():
        left = docker("ps", "-aq", "--filter", "label=slipway.dev/item").split()
        if left:
            subprocess.run(["docker", "rm", "-f", *left], capture_output=True, check=False)

    def queue(self, config=None, name="q1", **flags):
        arguments = ["queue", "create", name, "--resource", "local-container", "--config", json.dumps(config or {}), "--lease-seconds", "3"]
        for flag, value in flags.items():
            arguments += [f"--{flag}", value]
        self.site.cli(*arguments)

    def launch_image(self, command, *flags, queue="q1"):
        return self.site.cli_json("launch", "-d", BUSYBOX, "-E", "sh -c " + json.dumps(command), "-q", queue, *flags)

    def test_image_job(self):
        self.queue({"env": ["FROM_QUEUE=yes"]})
        self.site.start_agent("q1")
        launched = self.launch_image("echo $FROM_QUEUE $WANDB_RUN_ID; exit 0")
        item = self.site.wait_for_phase(launched["item"], "FINISHED")
        self.assertIn(f"yes {launched['run']}", self.site.log_lines(launched["run"]))
        self.assertEqual(item["image"], BUSYBOX)
        wait_until("the container to be removed", lambda: not docker("ps", "-aq", "--filter", "label=slipway.dev/item").split())

    def test_exit_code_and_missing_image(self):
        self.queue()
        self.site.start_agent("q1")
        launched = self.launch_image("exit 7")
        item = self.site.wait_for_phase(launched["item"], "FAILED")
        self.assertEqual((item["exitCode"], item["error"]["failureClass"]), (7, "exit_code"))
        missing = self.site.cli_json("launch", "-d", "127.0.0.1:9/no/such:image", "-q", "q1")
        item = self.site.wait_for_phase(missing["item"], "FAILED")
        self.assertEqual(item["error"]["failureClass"], "image")
        self.assertIn("127.0.0.1:9/no/such:image", item["error"]["message"])

    def test_key_is_in_no_command_line(self):
        self.queue()
        self.site.start_agent("q1")
        launched = self.launch_image('test -n "$WANDB_API_KEY" && echo has a key; sleep 300')
        self.site.wait_for_phase(launched["item"], "RUNNING")
        key = (self.site.data / "admin.key").read_text().strip()
        for process in filter(str.isdigit, os.listdir("/proc")):
            try:
                arguments = Path(f"/proc/{process}/cmdline").read_bytes()
            except OSError:
                continue
            self.assertNotIn(key.encode(), arguments)
        self.assertNotIn(key, json.dumps(self.site.item(launched["item"])["backendRequest"]))
        self.site.cli("run", "stop", launched["run"])
        self.site.wait_for_phase(launched["item"], "STOPPED")

    def test_container_is_adopted(self):  # D1, A5
        self.queue()
        for how in ("kill", "after_create", "after_intent"):
            with self.subTest(how):
                agent = self.site.start_agent("q1", SLIPWAY_KILL_AT=None if how == "kill" else how)
                gate = self.folder / how
                gate.mkdir()
                launched = self.site.cli_json("launch", "-d", BUSYBOX, "-q", "q1", "-E",
                                              "sh -c 'i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); done; sleep 2; exit 3'")
                if how == "kill":
                    self.site.wait_for_phase(launched["item"], "RUNNING")
                    agent.kill()
                else:
                    self.assertEqual(agent.wait(), -9)
                agent = self.site.start_agent("q1")
                item = self.site.wait_for_phase(launched["item"], "FAILED")
                self.assertEqual(item["exitCode"], 3)
                lines = [line for line in self.site.log_lines(launched["run"]) if line.startswith("line")]
                self.assertEqual(lines, [f"line {i}" for i in range(300)])
                agent.stop()

    def test_daemon_restart(self):  # D1
        folder = os.environ["SLIPWAY_TEST_DOCKERD"]
        self.queue()
        self.site.start_agent("q1")
        launched = self.launch_image("sleep 300")
        self.site.wait_for_phase(launched["item"], "RUNNING")
        support = str(ROOT / "tests/support/dockerd")
        subprocess.run([support, "kill", folder], check=True)
        wait_until("the agent to say that it cannot reach Docker", lambda: self.site.item(launched["item"])["unreachableSince"])
        self.assertEqual(self.site.item(launched["item"])["phase"], "RUNNING")
        subprocess.run([support, "start", folder], check=True, stdout=subprocess.DEVNULL)
        item = self.site.wait_for_phase(launched["item"], "FAILED")
        self.assertIn(item["error"]["failureClass"], ("node_lost", "exit_code", "lost"))
        again = self.launch_image("echo after")
        self.site.wait_for_phase(again["item"], "FINISHED")

    def test_removed_by_hand(self):
        self.queue()
        self.site.start_agent("q1")
        launched = self.launch_image("sleep 300")
        self.site.wait_for_phase(launched["item"], "RUNNING")
        docker("rm", "-f", *docker("ps", "-q", "--filter", "label=slipway.dev/item").split())
        item = self.site.wait_for_phase(launched["item"], "FAILED")
        self.assertEqual(item["error"]["failureClass"], "lost")

    def test_code_is_built_once(self):  # F2, S-50, S-51
        self.queue()
        self.site.start_agent("q1", flags=["-j", "8"])
        folder = self.job_folder("echo built $(cat marker)", **{"Dockerfile.wandb": f"FROM {BUSYBOX}\nCOPY . /job\nWORKDIR /job\nENTRYPOINT [\"sh\", \"main.sh\"]\n", "marker": "one"})
        launched = [self.site.cli_json("launch", "-u", folder, "-E", "sh main.sh", "-q", "q1", "-J", "built") for _ in range(6)]
        images = set()
        for each in launched:
            images.add(self.site.wait_for_phase(each["item"], "FINISHED")["image"])
            self.assertIn("built one", self.site.log_lines(each["run"]))
        self.assertEqual(len(images), 1)
        builds = [each for each in launched if any("Step 1/" in line or "#1 " in line for line in self.site.log_lines(each["run"]))]
        self.assertLessEqual(len({self.site.log_lines(each["run"])[-1] for each in builds}), 1)
        (folder / "marker").write_text("two")
        changed = self.site.cli_json("launch", "-u", folder, "-E", "sh main.sh", "-q", "q1", "-J", "built")
        item = self.site.wait_for_phase(changed["item"], "FINISHED")
        self.assertIn("built two", self.site.log_lines(changed["run"]))
        self.assertNotIn(item["image"], images)

    def test_failing_build(self):
        self.queue()
        self.site.start_agent("q1")
        folder = self.job_folder("true", **{"Dockerfile.wandb": f"FROM {BUSYBOX}\nRUN echo the reason && false\n"})
        launched = self.site.cli_json("launch", "-u", folder, "-E", "sh main.sh", "-q", "q1")
        item = self.site.wait_for_phase(launched["item"], "FAILED")
        self.assertEqual(item["error"]["failureClass"], "build")
        self.assertIn("the reason", "\n".join(self.site.log_lines(launched["run"])))

    def test_dry_run_is_what_runs(self):
        self.queue({"env": ["A=1", "B"], "volume": "/tmp:/mnt", "rm": True, "shm-size": "64m"})
        shown = self.site.cli_json("launch", "-d", BUSYBOX, "-q", "q1", "--dry-run")
        command = json.dumps(shown["request"])
        for part in ("--env", "A=1", "--volume", "/tmp:/mnt", "--shm-size"):
            self.assertIn(part, command)
        self.assertEqual(self.site.cli_json("queue", "items", "q1"), [])


if __name__ == "__main__":
    unittest.util._MAX_LENGTH = 10_000
    main()
