"""The main job on a real cluster: from `slipway launch` to the end, with output, stop, a killed agent and missing rights. Run under tests/support/kube-cluster."""
import json
import os
import ssl
import unittest
import urllib.request

from harness import SiteTest, main, wait_until

BUSYBOX = "slipway-test/busybox:1"


class Cluster:
    """The API server as its administrator sees it."""

    def __init__(self):
        folder = os.environ["SLIPWAY_TEST_CLUSTER"]
        self.context = ssl.create_default_context(cafile=f"{folder}/pki/ca.crt")
        self.context.load_cert_chain(f"{folder}/pki/admin.crt", f"{folder}/pki/admin.key")

    def ask(self, path, method="GET", body=None):
        request = urllib.request.Request("https://127.0.0.1:443" + path, method=method, headers={"Content-Type": "application/json"},
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, context=self.context, timeout=30) as answer:
            return json.loads(answer.read())

    def names(self, path):
        return [item["metadata"]["name"] for item in self.ask(path + "?labelSelector=slipway.dev/item")["items"]]


class OnKubernetes(SiteTest):
    def setUp(self):
        super().setUp()
        (self.site.home / ".config/slipway").mkdir(parents=True)
        (self.site.home / ".config/slipway/launch-config.yaml").write_text("stopped_run_timeout: 1\n")
        self.site.start_server()
        self.cluster = Cluster()

    def queue(self, config=None, name="q1"):
        self.site.cli("queue", "create", name, "--resource", "kubernetes", "--config", json.dumps(config or {}), "--lease-seconds", "3")

    def launch(self, command):
        return self.site.cli_json("launch", "-d", BUSYBOX, "-E", "sh -c " + json.dumps(command), "-q", "q1")

    def test_main_job(self):
        self.queue({"kubernetes": {"metadata": {"labels": {"queue": "k8s-test"}}, "namespace": "default",
                                   "spec": {"template": {"spec": {"containers": [{"env": [{"name": "FROM_QUEUE", "value": "${run_id}"}]}]}}}}})
        self.site.start_agent("q1")
        launched = self.launch("echo $FROM_QUEUE $WANDB_RUN_ID; test -n \"$WANDB_API_KEY\" && echo has a key")
        self.site.wait_for_phase(launched["item"], "FINISHED")
        lines = self.site.log_lines(launched["run"])
        self.assertIn(f"{launched['run']} {launched['run']}", lines)
        self.assertIn("has a key", lines)
        key = (self.site.data / "admin.key").read_text().strip()
        self.assertNotIn(key, json.dumps(self.site.item(launched["item"])["backendRequest"]))
        name = f"slipway-{launched['run']}-1"
        wait_until("the job and its Secret to be removed", lambda: name not in self.cluster.names("/apis/batch/v1/namespaces/default/jobs")
                   and name not in self.cluster.names("/api/v1/namespaces/default/secrets"))
        failed = self.launch("exit 7")
        item = self.site.wait_for_phase(failed["item"], "FAILED")
        self.assertEqual((item["exitCode"], item["error"]["failureClass"]), (7, "exit_code"))

    def test_agent_is_killed_and_another_adopts(self):
        self.queue()
        first = self.site.start_agent("q1", name="first")
        launched = self.launch("echo ready; sleep 6; echo done")
        self.site.wait_for_phase(launched["item"], "RUNNING")
        first.kill()
        self.site.start_agent("q1", name="second")
        self.site.wait_for_phase(launched["item"], "FINISHED")
        output = [line for line in self.site.log_lines(launched["run"]) if not line.startswith("[")]
        self.assertEqual(output, ["ready", "done"])

    def test_evicted_job_runs_again_in_place(self):  # D-69, X-8
        self.queue()
        self.site.start_agent("q1")
        launched = self.launch("echo ready; [ \"$WANDB_RESUME\" = allow ] || sleep 60")
        self.site.wait_for_phase(launched["item"], "RUNNING")
        pod = wait_until("its pod", lambda: [name for name in self.cluster.names("/api/v1/namespaces/default/pods") if launched["run"] in name])[0]
        self.cluster.ask(f"/api/v1/namespaces/default/pods/{pod}/eviction", "POST",
                         {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": "default"},
                          "deleteOptions": {"gracePeriodSeconds": 1}})
        item = self.site.wait_for_phase(launched["item"], "FINISHED")
        self.assertEqual(item["attempt"], 2)
        self.assertIn("PREEMPTED", [event["to"] for event in item["events"]])

    def test_stop(self):
        self.queue()
        self.site.start_agent("q1")
        launched = self.launch("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.1; done")
        self.site.wait_for_phase(launched["item"], "RUNNING")
        self.site.cli("run", "stop", launched["run"])
        self.site.wait_for_phase(launched["item"], "STOPPED")
        self.assertIn("bye", wait_until("the last words", lambda: [line for line in self.site.log_lines(launched["run"]) if line == "bye"]))

    def test_doctor_names_missing_rights(self):
        self.site.cli("doctor", "--kubernetes")
        account = self.cluster.ask("/api/v1/namespaces/default/serviceaccounts/default/token", "POST",
                                   {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}})["status"]["token"]
        folder = os.environ["SLIPWAY_TEST_CLUSTER"]
        config = self.folder / "weak.kubeconfig"
        config.write_text(json.dumps({
            "current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:443", "certificate-authority": f"{folder}/pki/ca.crt"}}],
            "users": [{"name": "u", "user": {"token": account}}]}))
        config.chmod(0o600)
        told = self.site.run("doctor", "--kubernetes", env=self.site.environment(KUBECONFIG=config))
        self.assertEqual(told.returncode, 1)
        for part in ("create jobs.batch", "get pods/log", "kubectl -n default create role slipway-agent"):
            self.assertIn(part, told.stdout + told.stderr)


if __name__ == "__main__":
    main()
