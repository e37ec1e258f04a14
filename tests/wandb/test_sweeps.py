"""Sweeps: made, worked on by the package's agents, steered; and the scheduler of a sweep on launch."""
import re

from wandb_harness import WandbTest, wait_until

SECTION = "Sweeps"


class Sweeps(WandbTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entity = cls.site.data_of("{ viewer { entity } }")["viewer"]["entity"]
        work = cls.site.work_folder()
        (work / "train.py").write_text("import wandb\nwith wandb.init() as run:\n    run.log({'loss': (run.config.x - 2) ** 2})\n")
        (work / "grid.yaml").write_text("program: train.py\nmethod: grid\nmetric: {name: loss, goal: minimize}\nparameters:\n  x: {values: [1, 2]}\n")

    def create(self, config="grid.yaml", *flags):
        done = self.assert_done(self.site.wandb("sweep", "-p", "demo", "-e", self.entity, *flags, config))
        return re.search(r"ID: (\w{8})", done.output)[1]

    def look(self, sweep):
        query = """query($entity: String!, $sweep: String!) { project(name: "demo", entityName: $entity) { sweep(sweepName: $sweep) {
          state displayName bestLoss runCount runCountExpected runs { edges { node { state config summaryMetrics } } } } } }"""
        return self.site.data_of(query, entity=self.entity, sweep=sweep)["project"]["sweep"]

    def test_grid_with_the_command_line(self):
        with self.entry(SECTION, "wandb sweep CONFIG --name"):
            sweep = self.create("grid.yaml", "--name", "first")
            self.assertEqual((self.look(sweep)["displayName"], self.look(sweep)["runCountExpected"]), ("first", 2))
        with self.entry(SECTION, "wandb agent, grid"):
            self.assert_done(self.site.wandb("agent", f"{self.entity}/demo/{sweep}", patience=90))
            after = self.look(sweep)
            self.assertEqual((after["state"], after["bestLoss"]), ("FINISHED", 0))
            self.assertEqual([edge["node"]["state"] for edge in after["runs"]["edges"]], ["finished", "finished"])
        with self.entry(SECTION, "Api().sweep()"):
            found = self.site.python(f"""
sweep = wandb.Api().sweep("{self.entity}/demo/{sweep}")
result = dict(state=sweep.state, config=sweep.config["method"], expected=sweep.expected_run_count)
""")
            self.assertEqual(found, {"state": "FINISHED", "config": "grid", "expected": 2})

    def test_steering(self):
        sweep = f"{self.entity}/demo/{self.create()}"
        for flag, state in (("--pause", "PAUSED"), ("--resume", "RUNNING"), ("--stop", "FINISHED")):
            with self.entry(SECTION, f"wandb sweep {flag}"):
                self.assert_done(self.site.wandb("sweep", flag, sweep))
                self.assertEqual(self.look(sweep.split("/")[-1])["state"], state)
        other = f"{self.entity}/demo/{self.create()}"
        with self.entry(SECTION, "wandb sweep --cancel"):
            self.assert_done(self.site.wandb("sweep", "--cancel", other))
            self.assertEqual(self.look(other.split("/")[-1])["state"], "CANCELED")
        with self.entry(SECTION, "wandb sweep, bad configuration"):
            (self.site.work_folder() / "bad.yaml").write_text("program: train.py\nmethod: nosuch\nparameters:\n  x: {values: [1]}\n")
            done = self.site.wandb("sweep", "-p", "demo", "bad.yaml")
            self.assertNotEqual(done.code, 0)
            self.assertIn("nosuch", done.output)

    def test_random_and_bayes_in_python(self):
        for method in ("random", "bayes"):
            with self.entry(SECTION, f"wandb.sweep() and wandb.agent(function), {method}, run cap"):
                found = self.site.python(f"""
seen = []
def train():
    with wandb.init() as run:
        seen.append(run.config["x"])
        run.log(dict(loss=run.config["x"]))
config = dict(method={method!r}, metric=dict(name="loss", goal="minimize"), run_cap=2, parameters=dict(x=dict(min=0.0, max=1.0)))
sweep = wandb.sweep(config, project="demo", entity={self.entity!r})
wandb.agent(sweep, function=train, project="demo", entity={self.entity!r}, count=2)
result = dict(sweep=sweep, seen=seen)
""", patience=90)
                self.assertEqual(len(set(found["seen"])), 2)
                self.assertTrue(all(0 <= value <= 1 for value in found["seen"]))
                self.assertEqual(self.look(found["sweep"])["runCount"], 2)

    def test_scheduler(self):
        work = self.site.work_folder()
        code = work / "code"
        code.mkdir()
        (code / "main.py").write_text((work / "train.py").read_text())
        (code / "requirements.txt").write_text("")
        self.assert_done(self.site.wandb("job", "create", "-p", "demo", "-n", "trial", "-E", "python main.py", "code", code))
        self.site.cli("queue", "create", "sweeps", "--resource", "local-process")
        (work / "launch.yaml").write_text(f"method: random\nmetric: {{name: loss, goal: minimize}}\nrun_cap: 1\njob: {self.entity}/demo/trial:latest\n"
                                          "parameters:\n  x: {min: 0.0, max: 1.0}\nscheduler: {num_workers: 1}\nlaunch: {queue: sweeps}\n")
        with self.entry(SECTION, "wandb launch-sweep"):
            done = self.assert_done(self.site.wandb("launch-sweep", "launch.yaml", "-q", "sweeps", "-p", "demo", "-e", self.entity))
            sweep = re.search(r"sweeps?/(\w{8})|ID: (\w{8})", done.output)
            sweep = sweep[1] or sweep[2]
            self.assertEqual(self.look(sweep)["state"], "PENDING")
        with self.entry(SECTION, "the scheduler of wandb launch-sweep, run by wandb launch-agent"):
            agent = self.site.start_wandb("launch-agent", "-q", "sweeps", "-e", self.entity, "-j", "2")
            wait_until("the sweep to finish", lambda: self.look(sweep)["state"] == "FINISHED" or not agent.running(), patience=120)
            after = self.look(sweep)
            self.assertEqual((after["state"], after["runCount"]), ("FINISHED", 1), agent.output())
            self.assertEqual([edge["node"]["state"] for edge in after["runs"]["edges"]], ["finished"])

