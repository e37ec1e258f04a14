"""Bad input: a non-zero exit, and a text that says what was being done, what is wrong, where, and how to mend it. Nothing half-done stays."""
import json
import os
import unittest
from pathlib import Path

from harness import SiteTest, main

CONFIGS = {
    # name: (launch-config.yaml, what the message must name)
    "unknown key": ("max_job: 3\nqueues: [q1]\n", ["max_job", "max_jobs", "line 1"]),
    "tab": ("queues:\n\t- q1\n", ["tab", "line 2"]),
    "placeholder": ("queues: [<queue-name>]\n", ["<queue-name>"]),
    "literal choice": ("queues: [q1]\nbuilder:\n  type: docker | kaniko | noop\n", ["docker | kaniko | noop", "line 3"]),
    "wrong type": ("queues: [q1]\nmax_jobs: many\n", ["max_jobs", "line 2"]),
    "broken yaml": ("queues: [q1\n", ["line"]),
    "tag in destination": ("queues: [q1]\nbuilder: {type: docker, destination: 'registry.example.com/a/b:v1'}\n", ["destination", "tag"]),
    "ecr without dkr": ("queues: [q1]\nbuilder: {type: docker, destination: '123456789012.ecr.eu-west-1.amazonaws.com/a'}\n", ["dkr"]),
}


class BadInput(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.start_server()

    def refused(self, *arguments, names=(), status=None, **options):
        done = self.site.run(*arguments, **options)
        text = done.stdout + done.stderr
        self.assertNotEqual(done.returncode, 0, text)
        if status is not None:
            self.assertEqual(done.returncode, status, text)
        for name in names:
            self.assertIn(name, text)
        return text

    def test_agent_configuration(self):
        self.site.cli("queue", "create", "q1", "--resource", "local-process")
        for name, (text, expected) in CONFIGS.items():
            with self.subTest(name):
                file = self.folder / "launch-config.yaml"
                file.write_text(text)
                self.refused("launch-agent", "-c", file, names=["launch-config.yaml", *expected], status=2)
                self.refused("doctor", "-c", file, names=expected, status=2)

    def test_unknown_queue(self):
        self.site.cli("queue", "create", "training", "--resource", "local-process")
        self.refused("launch-agent", "-q", "trainin", names=["trainin", "Did you mean 'training'?"], status=3)
        self.refused("launch", "-d", "busybox", "-q", "nowhere", names=["nowhere"])
        self.refused("queue", "get", "trainin", names=["Did you mean 'training'?"], status=3)

    def test_wrong_entity(self):
        self.refused("queue", "list", "-e", "somebody-else", names=["somebody-else"], status=3)

    def test_duplicate_queue(self):
        self.site.cli("queue", "create", "q1", "--resource", "local-process")
        self.refused("queue", "create", "q1", "--resource", "local-process", names=["q1", "exists"], status=6)

    def test_queue_configuration(self):
        broken = self.folder / "queue.yaml"
        broken.write_text("env:\n  - A=1\n  broken: [\n")
        self.refused("queue", "create", "q", "--resource", "local-container", "--config", broken, names=["queue.yaml", "line"])
        self.refused("queue", "create", "q", "--resource", "local-container", "--config", "{\"env\": ", names=["--config"])
        self.refused("queue", "create", "q", "--resource", "dokcer", names=["dokcer"])
        self.refused("queue", "create", "", "--resource", "local-container", names=["name"])
        self.assertEqual(self.site.cli_json("queue", "list"), [])

    def test_template_values(self):
        variables = json.dumps({"gpus": {"schema": {"type": "integer", "minimum": 1, "maximum": 4}}, "size": {"schema": {"type": "string", "enum": ["s", "l"], "default": "s"}}})
        self.site.cli("queue", "create", "t", "--resource", "local-container", "--config", json.dumps({"gpus": "{{gpus}}", "memory": "{{size}}"}),
                      "--template-variables", variables)
        push = ["launch", "-d", "busybox", "-q", "t"]
        self.refused(*push, "-v", "gpus=9", names=["gpus", "9", "4"])
        self.refused(*push, "-v", "gpus=two", names=["gpus", "two"])
        self.refused(*push, "-v", "gpu=1", names=["Did you mean 'gpus'?"])
        self.refused(*push, "-v", "gpus", names=["gpus"])
        self.refused(*push, "-v", "gpus=1", "-v", "size=m", names=["size", "m"])
        self.refused(*push, names=["gpus"])
        self.assertEqual(self.site.cli_json("queue", "items", "t"), [])
        launched = self.site.cli_json(*push, "-v", "gpus=2")
        spec = self.site.graphql("query($id: ID!) { runQueueItem(id: $id) { runSpec } }", id=launched["item"])["data"]["runQueueItem"]["runSpec"]
        self.assertEqual(spec["resource_args"]["local-container"], {"gpus": 2, "memory": "s"})

    def test_a_placeholder_without_variable(self):
        self.refused("queue", "create", "t", "--resource", "local-container", "--config", json.dumps({"gpus": "{{gpus}}"}), names=["gpus"])

    def test_overrides_against_the_policy(self):
        self.site.cli("queue", "create", "t", "--resource", "local-container", "--config", json.dumps({"volume": "/data:/data"}))
        text = self.refused("launch", "-d", "busybox", "-q", "t", "-R", json.dumps({"local-container": {"privileged": True}}), names=["privileged"])
        self.assertIn("resource_args", text)
        self.site.cli("launch", "-d", "busybox", "-q", "t", "-R", json.dumps({"local-container": {"env": ["A=1"]}}))

    def test_unknown_macro_fails_the_item_by_name(self):
        self.site.cli("queue", "create", "t", "--resource", "local-process", "--config", json.dumps({"env": {"A": "${HOME_OF_NOBODY}"}}))
        self.site.start_agent("t")
        launched = self.launch("true", queue="t")
        item = self.site.wait_for_phase(launched["item"], "FAILED")
        self.assertEqual(item["error"]["failureClass"], "template")
        self.assertIn("HOME_OF_NOBODY", item["error"]["message"])

    def test_priority_on_a_plain_queue(self):
        self.site.cli("queue", "create", "plain", "--resource", "local-container")
        self.refused("launch", "-d", "busybox", "-q", "plain", "-P", "high", names=["prioriti"])
        self.refused("launch", "-d", "busybox", "-q", "plain", "-P", "urgent", names=["urgent", "critical"])

    def test_entry_point_that_is_not_there(self):
        self.site.cli("queue", "create", "q1", "--resource", "local-process")
        self.refused("launch", "-u", self.job_folder("true"), "-E", "sh missing.sh", "-q", "q1", names=["missing.sh"], status=2)

    def test_git_remotes_that_are_refused(self):
        self.site.cli("queue", "create", "q1", "--resource", "local-process")
        for remote in ("ext::sh -c touch% /tmp/owned", "file:///etc", "--upload-pack=touch /tmp/owned", "http://example.com/a.git"):
            with self.subTest(remote):
                self.refused("job", "create", "git", "-p", "p", "-E", "sh a.sh", "--", remote)

    def test_hostile_requests(self):
        key = (self.site.data / "admin.key").read_text().strip()
        deep = "{ viewer { " + "teams { edges { node { members { username } } } } " * 1 + "} }"
        answers = {
            "not json": self.post(b"{", key),
            "no query": self.post(b"{}", key),
            "not an object": self.post(b"[1]", key),
            "deep json": self.post(b'{"query": "{viewer{id}}", "variables": ' + b"[" * 2000 + b"]" * 2000 + b"}", key),
            "deep query": self.post(json.dumps({"query": "{a" * 3000 + "}" * 3000}).encode(), key),
            "large body": self.post(b'{"query": "' + b" " * (9 << 20) + b'"}', key),
            "bad key": self.post(json.dumps({"query": deep}).encode(), "x" * 40),
        }
        for name, status in answers.items():
            with self.subTest(name):
                self.assertIn(status, (400, 401, 413, 422), name)
        self.assertEqual(self.post(json.dumps({"query": "{ viewer { id } }"}).encode(), key), 200)

    def post(self, body, key):
        import base64
        import urllib.error
        import urllib.request

        login = base64.b64encode(f"api:{key}".encode()).decode()
        request = urllib.request.Request(self.site.url + "/graphql", body, {"Content-Type": "application/json", "Authorization": "Basic " + login})
        try:
            return urllib.request.urlopen(request, timeout=30).status
        except urllib.error.HTTPError as error:
            return error.code
        except (ConnectionError, urllib.error.URLError):
            # The server answered and closed while we were still sending.
            return 413

    def test_server_that_is_not_there(self):
        env = self.site.environment(WANDB_BASE_URL="http://127.0.0.1:9", WANDB_API_KEY="k" * 40)
        done = self.site.run("queue", "list", env=env)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("127.0.0.1:9", done.stderr)

    def test_two_servers_on_one_folder(self):
        second = self.site.spawn("second", ["server", "--data", self.site.data, "--listen", "127.0.0.1:0"], self.site.environment())
        self.assertNotEqual(second.wait(), 0)
        self.assertIn(str(self.site.children[0].child.pid), second.output())

    def test_port_in_use(self):
        second = self.site.spawn("second", ["server", "--data", self.folder / "other", "--listen", f"127.0.0.1:{self.site.port}"], self.site.environment())
        self.assertNotEqual(second.wait(), 0)
        self.assertIn(str(self.site.port), second.output())

    def test_secrets_stay_out_of_argv_logs_and_events(self):
        self.site.cli("queue", "create", "q1", "--resource", "local-process")
        agent = self.site.start_agent("q1")
        key = (self.site.data / "admin.key").read_text().strip()
        launched = self.launch('test -n "$WANDB_API_KEY" && echo has a key; sleep 300')
        self.site.wait_for_phase(launched["item"], "RUNNING")
        for process in filter(str.isdigit, os.listdir("/proc")):
            try:
                arguments = Path(f"/proc/{process}/cmdline").read_bytes()
            except OSError:
                continue
            self.assertNotIn(key.encode(), arguments, process)
        self.assertNotIn(key, json.dumps(self.site.item(launched["item"])))
        self.site.cli("item", "cancel", launched["item"])
        self.site.wait_for_phase(launched["item"], "STOPPED")
        self.assertNotIn(key, agent.output())
        self.assertNotIn(key, self.site.children[0].output())


if __name__ == "__main__":
    unittest.util._MAX_LENGTH = 10_000
    main()
