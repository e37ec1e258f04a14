"""The package's own launch agent serves a queue of a slipway server: bare processes, from pop to the reported end."""
import json

from wandb_harness import WandbTest, wait_until

SECTION = "Launch agent"
TRAIN = """import os, sys, time
import wandb
with wandb.init() as run:
    run.log({"loss": run.config.get("lr", 1)})
    print("trained with", dict(run.config))
    while run.config.get("forever"):
        time.sleep(0.2)
    if run.config.get("fail"):
        sys.exit(3)
"""


class Agent(WandbTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entity = cls.site.data_of("{ viewer { entity } }")["viewer"]["entity"]
        cls.site.cli("queue", "create", "processes", "--resource", "local-process")
        for name, script in {"train": TRAIN, "broken": "raise SystemExit('no wandb here')\n"}.items():
            code = cls.site.work_folder() / name
            code.mkdir()
            (code / "main.py").write_text(script)
            (code / "requirements.txt").write_text("")
            done = cls.site.wandb("job", "create", "-p", "demo", "-n", name, "-E", "python main.py", "code", code)
            if done.code != 0:
                raise AssertionError(done)

    def push(self, job, **config):
        done = self.site.wandb("launch", "-p", "demo", "-j", f"{self.entity}/demo/{job}:latest", "-q", "processes", "-c", json.dumps({"overrides": {"run_config": config}}))
        self.assert_done(done)
        query = """query($entity: String!) { project(name: "model-registry", entityName: $entity) { runQueue(name: "processes") {
          items(newestFirst: true, first: 1) { edges { node { id } } } } } }"""
        return self.site.data_of(query, entity=self.entity)["project"]["runQueue"]["items"]["edges"][0]["node"]["id"]

    def look(self, item):
        query = """query($id: ID!) { runQueueItem(id: $id) { phase state exitCode associatedRunId error { message stage filePaths } agentName
          run { id name state config summaryMetrics stopped user { username } } } }"""
        return self.site.data_of(query, id=item)["runQueueItem"]

    def test_from_pop_to_end(self):
        """One agent and all kinds of ends, pushed at once: the package's agent looks at its jobs every ten seconds only."""
        good = self.push("train", lr=0.5)
        failing = self.push("train", fail=True)
        silent = self.push("broken")
        endless = self.push("train", forever=True)
        config = self.site.work_folder() / "agent.yaml"
        config.write_text("stopped_run_timeout: 0\nmax_jobs: 4\n")
        agent = self.site.start_wandb("launch-agent", "-q", "processes", "-e", self.entity, "-c", config, "-v")
        wait_until("the endless run to run", lambda: (self.look(endless)["run"] or {}).get("state") == "running" or not agent.running())
        with self.entry(SECTION, "wandb launch-agent registers"):
            agents = self.site.data_of("query($name: String) { entity(name: $name) { launchAgents { name alive hostname version agentConfig } } }", name=self.entity)
            agents = agents["entity"]["launchAgents"]
            self.assertEqual([each["alive"] for each in agents], [True], agent.output())
            self.assertTrue(agents[0]["version"].startswith("wandb@"), agents)
            self.assertEqual(json.loads(agents[0]["agentConfig"])["max_jobs"], 4)
        run = self.look(endless)["run"]
        self.site.data_of("mutation($id: ID!) { stopRun(input: {id: $id}) { success } }", id=run["id"])

        def ended():
            looks = {name: self.look(item) for name, item in {"good": good, "failing": failing, "silent": silent, "endless": endless}.items()}
            return looks if all(each["phase"] in ("FINISHED", "FAILED", "STOPPED") for each in looks.values()) else None

        looks = wait_until("all items to end", ended, patience=240)
        with self.entry(SECTION, "wandb launch-agent runs a process job to its end"):
            self.assertEqual((looks["good"]["phase"], looks["good"]["run"]["state"]), ("FINISHED", "finished"), agent.output())
            self.assertEqual(json.loads(looks["good"]["run"]["summaryMetrics"])["loss"], 0.5)
        with self.entry(SECTION, "a job that fails after wandb.init"):
            self.assertEqual((looks["failing"]["phase"], looks["failing"]["run"]["state"]), ("FAILED", "failed"))
        with self.entry(SECTION, "a job that never calls wandb.init fails with its log as a file"):
            error = looks["silent"]["error"]
            self.assertEqual((looks["silent"]["phase"], error["stage"]), ("FAILED", "run"))
            self.assertTrue(error["filePaths"], error)
        with self.entry(SECTION, "a stop from the server"):
            self.assertIn(looks["endless"]["phase"], ("STOPPED", "FAILED"))
        with self.entry(SECTION, "a re-push of a preempted run, as the agent does it"):
            found = self.site.python(f"""
from wandb.sdk.launch import launch_add
spec = dict(job="{self.entity}/demo/train:latest", entity={self.entity!r}, project="demo", resource="local-process", run_id={looks["good"]["run"]["name"]!r}, _resume_count=1,
            overrides=dict(run_config={{}}))
queued = launch_add(config=spec, project_queue="model-registry", queue_name="processes")
result = queued.id
""")
            again = wait_until("the run to end anew", lambda: (lambda look: look if look["phase"] == "FINISHED" else None)(self.look(found)), patience=60)
            self.assertEqual(again["run"]["name"], looks["good"]["run"]["name"])
        with self.entry(SECTION, "wandb launch-agent is stopped from the server"):
            name = self.site.cli_json("agent", "list")[0]["name"]
            self.site.cli("agent", "stop", name)
            self.assertEqual(agent.wait(60), 0)
            self.assertIn("Shutting down", agent.output())

    def test_no_such_queue(self):
        with self.entry(SECTION, "wandb launch-agent, no such queue"):
            done = self.site.wandb("launch-agent", "-q", "nosuch", "-e", self.entity)
            self.assertNotEqual(done.code, 0)
            self.assertIn("nosuch", done.output)
