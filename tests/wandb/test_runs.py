"""Inside the job: what a run says, and what the public API reads of it afterwards."""
import unittest

from wandb_harness import WandbTest, at_least, wait_until

SECTION = "Runs"
READING = "Reading runs"

# Samples of the machine often enough that a short run has some.
SETTINGS = "wandb.Settings(x_stats_sampling_interval=0.2)" if at_least("0.19.0") else "wandb.Settings(_stats_sample_rate_seconds=0.2, _stats_samples_to_average=1)"


class Runs(WandbTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entity = cls.site.data_of("{ viewer { entity } }")["viewer"]["entity"]

    def stored(self, name, fields, project="lab"):
        query = "query($e: String, $p: String, $r: String!) { project(name: $p, entityName: $e) { run(name: $r) { %s } } }" % fields
        return self.site.data_of(query, e=self.entity, p=project, r=name)["project"]["run"]

    def test_a_run_from_beginning_to_end(self):
        told = self.site.python(f"""
import os, time
with open("model.txt", "w") as file:
    file.write("weights")
run = wandb.init(project="lab", id="whole", name="the whole", group="g1", job_type="train", tags=["a", "b"], notes="some notes", config={{"lr": 0.5, "nested": {{"deep": [1, 2]}}}},
                 settings={SETTINGS})
print("hello from the run")
for step in range(3000):
    values = {{"loss": 1 / (step + 1), "nested/acc": step}}
    if step % 100 == 0:
        values["rare"] = {{"value": step}}
    run.log(values)
run.log({{"bad": float("nan")}})
run.config.update({{"later": "yes"}})
run.summary["best"] = 42
run.save("model.txt")
time.sleep(1)
result = dict(id=run.id, entity=run.entity, project=run.project, step=run.step)
run.finish()
""")
        with self.entry(SECTION, "wandb.init(project, id, name, group, job_type, tags, notes, config)"):
            self.assertEqual((told["id"], told["entity"], told["project"]), ("whole", self.entity, "lab"))
            run = self.stored("whole", "state displayName group jobType tags notes config exitCode program: runInfo { program } user { username }")
            self.assertEqual((run["state"], run["displayName"], run["group"], run["jobType"], run["notes"]), ("finished", "the whole", "g1", "train", "some notes"))
            self.assertEqual(sorted(run["tags"]), ["a", "b"])
        read = self.site.python("""
import json
run = wandb.Api().run("lab/whole")
rows = list(run.scan_history())
sampled = run.history(samples=50, pandas=False)
keyed = run.history(keys=["loss", "nested/acc"], samples=20, pandas=False)
some = list(run.scan_history(keys=["rare.value"]))
middle = list(run.scan_history(min_step=1000, max_step=1010))
system = run.history(stream="system", pandas=False)
with open(run.file("output.log").download(root="down", replace=True).name) as file:
    console = file.read()
with run.file("model.txt").download(root="down", replace=True) as file:
    saved = file.read()
result = dict(state=run.state, name=run.name, config=run.config, group=run.group, job_type=run.job_type, tags=sorted(run.tags), notes=run.notes, rows=len(rows), first=rows[0], last=rows[-1],
              sampled=len(sampled), keyed=keyed, some=some, middle=[row["_step"] for row in middle], system=system, last_step=run.lastHistoryStep, summary={key: run.summary[key] for key in ("best", "nested/acc")},
              files=sorted(file.name for file in run.files()), console=console, saved=saved, metadata=run.metadata, history_keys=run.history_keys if hasattr(run, "history_keys") else None,
              system_metrics=run.systemMetrics, url=run.url, user=run.user.username, sizes={file.name: file.size for file in run.files(names=["model.txt"])})
""")
        with self.entry(SECTION, "run.log, thousands of steps"):
            self.assertEqual((read["rows"], read["last_step"]), (3001, 3000))
            self.assertEqual((read["first"]["loss"], read["first"]["rare"], read["first"]["_step"]), (1, {"value": 0}, 0))
            self.assertEqual((read["last"]["_step"], str(read["last"]["bad"]).lower()), (3000, "nan"))
        with self.entry(SECTION, "run.summary"):
            self.assertEqual((read["summary"]["best"], read["summary"]["nested/acc"]), (42, 2999))
        with self.entry(SECTION, "run.config, run.config.update"):
            self.assertEqual(read["config"], {"lr": 0.5, "nested": {"deep": [1, 2]}, "later": "yes"})
        with self.entry(SECTION, "run.save"):
            self.assertEqual((read["saved"], read["sizes"]), ("weights", {"model.txt": 7}))
        with self.entry(SECTION, "console output"):
            self.assertIn("hello from the run", read["console"])
        with self.entry(SECTION, "system metrics"):
            self.assertTrue(read["system"])
            self.assertTrue(any(name.startswith(("system.", "system/")) for row in read["system"] for name in row), read["system"])
            self.assertTrue(read["system_metrics"])
        with self.entry(READING, "Api().run(path): state, name, group, job_type, tags, notes, user, config, summary"):
            self.assertEqual((read["state"], read["name"], read["group"], read["job_type"], read["tags"], read["notes"]), ("finished", "the whole", "g1", "train", ["a", "b"], "some notes"))
        with self.entry(READING, "run.history(samples), run.history(keys, samples)"):
            self.assertEqual(read["sampled"], 50)
            self.assertEqual(len(read["keyed"]), 20)
            self.assertEqual(read["keyed"][-1], {"_step": 2999, "loss": 1 / 3000, "nested/acc": 2999})
        with self.entry(READING, 'run.history(stream="system")'):
            self.assertTrue(read["system"])
        with self.entry(READING, "run.scan_history(), with keys, min_step and max_step"):
            self.assertEqual(read["middle"], list(range(1000, 1010)))
            self.assertEqual([row["rare.value"] for row in read["some"]], list(range(0, 3000, 100)))
        with self.entry(READING, "run.files(), run.file(name).download()"):
            for name in ("model.txt", "output.log", "config.yaml", "wandb-summary.json", "wandb-metadata.json"):
                self.assertIn(name, read["files"])
            self.assertTrue(read["metadata"])

    def test_resume(self):
        with self.entry(SECTION, 'wandb.init(resume="allow" | "must" | "never")'):
            steps = self.site.python("""
with wandb.init(project="lab", id="again", resume="allow", config={"a": 1}) as run:
    first = run.resumed
    for step in range(5):
        run.log({"x": step})
with wandb.init(project="lab", id="again", resume="must") as run:
    second, config = run.resumed, dict(run.config)
    run.log({"x": 5})
    summary = dict(run.summary)
try:
    wandb.init(project="lab", id="again", resume="never", settings=wandb.Settings(init_timeout=30))
    refused = False
except Exception:
    refused = True
try:
    wandb.init(project="lab", id="unheard", resume="must", settings=wandb.Settings(init_timeout=30))
    missing = False
except Exception:
    missing = True
rows = [[row["_step"], row["x"]] for row in wandb.Api().run("lab/again").scan_history()]
result = dict(first=first, second=second, config=config, refused=refused, missing=missing, rows=rows)
""")
            self.assertEqual((steps["first"], steps["second"]), (False, True))
            self.assertEqual(steps["config"], {"a": 1})
            self.assertEqual((steps["refused"], steps["missing"]), (True, True))
            self.assertEqual(steps["rows"], [[step, step] for step in range(6)])
            self.assertEqual(self.stored("again", "state")["state"], "finished")

    def test_a_run_that_fails(self):
        with self.entry(SECTION, "an exception in the run; run.finish(exit_code)"):
            command = self.site.start_python("run = wandb.init(project='lab', id='broken')\nraise ValueError('no data')")
            self.assertNotEqual(command.wait(), 0)
            self.assertEqual(self.stored("broken", "state exitCode"), {"state": "failed", "exitCode": 1})
            self.site.python("run = wandb.init(project='lab', id='coded')\nrun.finish(exit_code=3)")
            self.assertEqual(self.stored("coded", "state exitCode"), {"state": "failed", "exitCode": 3})

    def test_a_stop_request_reaches_the_run(self):
        command = self.site.start_python("""
import time
run = wandb.init(project="lab", id="stopped", settings=wandb.Settings(%s=True))
print("started", flush=True)
try:
    while True:
        run.log({"x": 1})
        time.sleep(0.1)
except KeyboardInterrupt:
    print("asked to stop", flush=True)
run.finish(exit_code=0)
""" % ("x_disable_meta" if at_least("0.19.0") else "_disable_meta"))
        wait_until("the run to start", lambda: "started" in command.output())
        with self.entry(SECTION, "a stop request seen by the run"):
            run = self.stored("stopped", "id")
            stopped = self.site.data_of("mutation($id: ID!) { stopRun(input: {id: $id}) { success } }", id=run["id"])
            self.assertTrue(stopped["stopRun"]["success"])
            command.wait()
            self.assertIn("asked to stop", command.output())

    def test_offline_then_sync(self):
        with self.entry(SECTION, 'wandb.init(mode="offline"), wandb sync'):
            self.site.python("""
with wandb.init(project="lab", id="apart", mode="offline", config={"lr": 2}) as run:
    for step in range(200):
        run.log({"x": step})
    with open("kept.txt", "w") as file:
        file.write("kept")
    run.save("kept.txt")
    artifact = wandb.Artifact("apart-data", type="dataset")
    artifact.add_file("kept.txt")
    run.log_artifact(artifact)
""")
            self.assertIsNone(self.stored("apart", "state"))
            (folder,) = (self.site.work_folder() / "wandb").glob("offline-run-*")
            self.assert_done(self.site.wandb("sync", folder))
            read = self.site.python("""
run = wandb.Api().run("lab/apart")
result = dict(state=run.state, config=run.config, rows=len(list(run.scan_history())), artifacts=[a.name for a in run.logged_artifacts()], files=[f.name for f in run.files()])
""")
            self.assertEqual((read["state"], read["config"], read["rows"]), ("finished", {"lr": 2}, 200))
            self.assertIn("apart-data:v0", read["artifacts"])
            self.assertIn("kept.txt", read["files"])

    def test_launch_overrides_and_managed_config(self):
        with self.entry(SECTION, "config overrides from launch (WANDB_CONFIG)"):
            environment = self.site.environment(WANDB_CONFIG='{"lr": 7}', WANDB_LAUNCH="true")
            config = self.site.python("""
with wandb.init(project="lab", id="launched", config={"lr": 1, "own": 2}) as run:
    run.config.update({"lr": 3}, allow_val_change=True)
    result = dict(run.config)
""", environment=environment)
            self.assertEqual(config, {"lr": 7, "own": 2})

    def test_alerts(self):
        with self.entry(SECTION, "run.alert"):
            done = self.site.python("""
with wandb.init(project="lab", id="alerting") as run:
    run.alert(title="low accuracy", text="it is 0.1", level=wandb.AlertLevel.WARN)
result = True
""")
            self.assertTrue(done)


class Reading(WandbTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site.python("""
for number in range(4):
    with wandb.init(project="many", id=f"r{number}", name=f"run {number}", group="even" if number % 2 == 0 else "odd", tags=["t%d" % number, "all"], config={"lr": number / 10, "model": {"size": number}}) as run:
        run.log({"loss": 10 - number})
        if number == 2:
            with open("note.txt", "w") as file:
                file.write("note")
            run.save("note.txt")
""")

    def test_filters(self):
        with self.entry(READING, "Api().runs(project, filters)"):
            found = self.site.python("""
filters = [{"group": "odd"}, {"config.lr": {"$gte": 0.2}}, {"$or": [{"display_name": "run 0"}, {"tags": "t3"}]}, {"summary_metrics.loss": {"$lt": 8}}, {"display_name": {"$regex": "^run [12]$"}},
           {"tags": {"$in": ["t1", "t2"]}}, {"state": "finished"}, {"config.model.size": 2}, {"username": "nobody"}, {"config.absent": {"$exists": True}}, {"$and": [{"jobType": {"$ne": "x"}}, {"name": "r1"}]}]
result = [sorted(run.id for run in wandb.Api().runs("many", filters=f)) for f in filters]
result.append(len(wandb.Api().runs("many", {"group": "even"})))
""")
            self.assertEqual(found, [["r1", "r3"], ["r2", "r3"], ["r0", "r3"], ["r3"], ["r1", "r2"], ["r1", "r2"], ["r0", "r1", "r2", "r3"], ["r2"], [], [], ["r1"], 2])

    def test_order(self):
        with self.entry(READING, "Api().runs(project, order)"):
            found = self.site.python("""
orders = ["+created_at", "-created_at", "+summary_metrics.loss", "-config.lr.value"]
result = [[run.id for run in wandb.Api().runs("many", order=order, per_page=3)] for order in orders]
""")
            self.assertEqual(found, [["r0", "r1", "r2", "r3"], ["r3", "r2", "r1", "r0"], ["r3", "r2", "r1", "r0"], ["r3", "r2", "r1", "r0"]])

    def test_changes(self):
        found = self.site.python("""
api = wandb.Api()
run = api.run("many/r0")
run.config["later"] = "x"
run.tags.append("new")
run.notes = "changed"
run.summary["best"] = 9
run.update()
again = wandb.Api().run("many/r0")
result = dict(config=again.config.get("later"), tags=sorted(again.tags), notes=again.notes, best=again.summary.get("best"), state=again.state)
""")
        with self.entry(READING, "run.config, tags, notes with update(); run.summary.update()"):
            self.assertEqual(found, {"config": "x", "tags": ["all", "new", "t0"], "notes": "changed", "best": 9, "state": "finished"})

    def test_files(self):
        found = self.site.python("""
run = wandb.Api().run("many/r2")
with open("extra.txt", "w") as file:
    file.write("extra")
run.upload_file("extra.txt")
files = sorted(file.name for file in run.files())
count = len(run.files())
run.file("extra.txt").delete()
left = sorted(file.name for file in wandb.Api().run("many/r2").files())
result = dict(files=files, left=left, count=count)
""")
        with self.entry(READING, "run.upload_file, file.delete()"):
            self.assertIn("extra.txt", found["files"])
            self.assertEqual(found["count"], len(found["files"]))
            self.assertNotIn("extra.txt", found["left"])
            self.assertIn("note.txt", found["left"])

    def test_delete(self):
        with self.entry(READING, "run.delete()"):
            self.site.python("with wandb.init(project='gone', id='g') as run:\n    run.log({'a': 1})")
            left = self.site.python("wandb.Api().run('gone/g').delete()\ntry:\n    wandb.Api().run('gone/g')\n    result = True\nexcept Exception:\n    result = False")
            self.assertFalse(left)


if __name__ == "__main__":
    unittest.main()
