"""A person's first minutes, word by word as the README has them, on bare processes."""
import json
import stat
import unittest

from harness import ROOT, SiteTest, main, wait_until


class FirstMinutes(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.start_server()

    def test_the_administrators_key_is_private(self):
        mode = stat.S_IMODE((self.site.data / "admin.key").stat().st_mode)
        self.assertEqual(mode, 0o600)

    def test_launch_follow_describe(self):
        site = self.site
        site.cli("queue", "create", "q1", "--resource", "local-process")
        site.cli("queue", "create", "gpu", "--resource", "local-container", "--config", ROOT / "examples/docker-queue.yaml", "--prioritize")
        site.start_agent("q1", "gpu", flags=["--max-jobs", "5"])
        launched = site.cli_json("launch", "-u", ROOT / "examples/train-iris", "-E", "python3 train.py", "-q", "q1")
        self.assertEqual({"item", "run", "queue", "url"} - set(launched), set())
        output = site.cli("run", "logs", "-f", launched["run"])
        self.assertIn("result", output)
        described = site.cli_json("run", "describe", launched["run"])
        self.assertEqual(described["state"], "finished")
        self.assertEqual(described["exitCode"], 0)
        self.assertTrue(described["agent"])
        states = [event["to"] for event in described["timeline"]]
        self.assertEqual(states[0], "PENDING")
        self.assertEqual(states[-1], "FINISHED")
        self.assertTrue(all(event["actor"] and event["reason"] for event in described["timeline"]), described["timeline"])
        items = site.cli_json("queue", "items", "q1")
        self.assertEqual([item["phase"] for item in items], ["FINISHED"])

    def test_queue_life(self):
        site = self.site
        site.cli("queue", "create", "a", "--resource", "Docker", "--config", json.dumps({"env": ["A=1"]}))
        self.assertEqual(site.cli_json("queue", "get", "a")["resource"], "local-container")
        site.cli("queue", "update", "a", "--config", json.dumps({"env": ["A=2"]}), "--prioritize")
        queue = site.cli_json("queue", "get", "a")
        self.assertEqual(queue["config"], {"env": ["A=2"]})
        self.assertEqual(queue["prioritizationMode"], "V0")
        site.cli("queue", "pause", "a")
        self.assertEqual(site.cli_json("queue", "get", "a")["state"], "PAUSED")
        self.assertEqual(len(site.cli_json("queue", "list")), 1)
        site.cli("queue", "delete", "a", "--yes")
        self.assertEqual(site.cli_json("queue", "list"), [])

    def test_why_an_item_waits(self):
        site = self.site
        site.cli("queue", "create", "q1", "--resource", "local-process")
        launched = self.launch("sleep 300")
        self.assertIn("agent", site.item(launched["item"])["waitReason"])
        site.start_agent("q1")
        site.wait_for_phase(launched["item"], "RUNNING")
        second = self.launch("true", name="second")
        reason = wait_until("a reason that names the capacity", lambda: site.item(second["item"])["waitReason"])
        self.assertIn("1/1", reason)
        site.cli("queue", "pause", "q1")
        self.assertIn("paused", site.item(second["item"])["waitReason"])
        site.cli("item", "cancel", launched["item"], second["item"])
        site.wait_for_phase(launched["item"], "STOPPED")
        self.assertEqual(site.item(second["item"])["phase"], "STOPPED")

    def test_exit_code_and_failure_class(self):
        site = self.site
        site.cli("queue", "create", "q1", "--resource", "local-process")
        site.start_agent("q1")
        launched = self.launch("echo before; exit 3")
        item = site.wait_for_phase(launched["item"], "FAILED")
        self.assertEqual((item["exitCode"], item["error"]["failureClass"]), (3, "exit_code"))
        self.assertIn("before", site.log_lines(launched["run"]))

    def test_stop_gives_grace_then_force(self):
        site = self.site
        (site.home / ".config/slipway").mkdir(parents=True)
        (site.home / ".config/slipway/launch-config.yaml").write_text("stopped_run_timeout: 1\n")
        site.cli("queue", "create", "q1", "--resource", "local-process")
        site.start_agent("q1", flags=["-j", "2"])
        gentle = self.launch("trap 'echo stopping; exit 0' TERM; echo ready; while :; do sleep 0.1; done", name="gentle")
        deaf = self.launch("trap '' TERM; echo ready; while :; do sleep 0.1; done", name="deaf")
        for each in (gentle, deaf):
            wait_until("the job to be ready", lambda run=each["run"]: "ready" in site.log_lines(run))
            site.cli("run", "stop", each["run"])
        site.wait_for_phase(gentle["item"], "STOPPED", "FINISHED")
        site.wait_for_phase(deaf["item"], "STOPPED")
        self.assertIn("stopping", site.log_lines(gentle["run"]))

    def test_run_here_and_now(self):
        done = self.site.run("launch", "-u", self.job_folder("echo hello from $WANDB_PROJECT; exit 4"), "-E", "sh main.sh", "-r", "local-process")
        self.assertEqual(done.returncode, 1)
        self.assertIn("hello from job", done.stdout)
        done = self.site.run("launch", "-u", self.job_folder("echo fine"), "-E", "sh main.sh", "-r", "local-process", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["state"], "FINISHED")

    def test_one_agent_shares_itself_among_queues(self):
        site = self.site
        for name in ("a", "b"):
            site.cli("queue", "create", name, "--resource", "local-process")
        order = self.folder / "order"
        for queue in "aaaabb":
            self.launch(f"echo {queue} >> {order}", queue=queue, name="job-" + queue)
        site.start_agent("a", "b")
        wait_until("all jobs to end", lambda: order.exists() and len(order.read_text().split()) == 6)
        self.assertEqual(sorted(order.read_text().split()[:4]), ["a", "a", "b", "b"])


if __name__ == "__main__":
    unittest.util._MAX_LENGTH = 10_000
    main()
