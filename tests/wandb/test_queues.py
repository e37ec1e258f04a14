"""Queues and their items from Python."""
from wandb_harness import WandbTest, at_least

QUEUES = "Queues"
ITEMS = "Queued runs"


class Queues(WandbTest):
    def test_create_and_read(self):
        found = self.site.python("""
api = wandb.Api()
queue = api.create_run_queue(name="gpu", type="local-container", prioritization_mode="V0", config={"env": ["A={{a}}"]},
                             template_variables={"a": {"schema": {"type": "string", "enum": ["x", "y"]}, "description": "letter"}})
made = dict(name=queue.name, access=queue.access, config=queue.default_resource_config, mode=queue.prioritization_mode)
queue = wandb.Api().run_queue(name="gpu", entity=api.default_entity)
read = dict(id=queue.id, type=queue.type, access=queue.access, mode=queue.prioritization_mode, config=queue.default_resource_config,
            variables=queue.template_variables, items=len(queue.items))
result = dict(made=made, read=read)
""")
        with self.entry(QUEUES, "Api().create_run_queue()"):
            self.assertEqual(found["made"], {"name": "gpu", "access": "PROJECT", "config": {"env": ["A={{a}}"]}, "mode": "V0"})
            self.assertEqual(self.site.cli_json("queue", "get", "gpu")["config"], {"env": ["A={{a}}"]})
        read = found["read"]
        with self.entry(QUEUES, "Api().run_queue()"):
            self.assertTrue(read["id"])
        with self.entry(QUEUES, "RunQueue.type, .access, .prioritization_mode"):
            self.assertEqual((read["type"], read["access"], read["mode"]), ("local-container", "PROJECT", "V0"))
        with self.entry(QUEUES, "RunQueue.default_resource_config"):
            self.assertEqual(read["config"], {"resource_args": {"local-container": {"env": ["A={{a}}"]}}})
        with self.entry(QUEUES, "RunQueue.template_variables"):
            self.assertEqual(read["variables"], [{"name": "a", "schema": '{"type":"string","enum":["x","y"]}'}])
        with self.entry(QUEUES, "RunQueue.items"):
            self.assertEqual(read["items"], 0)

    def test_create_again(self):
        with self.entry(QUEUES, "Api().create_run_queue(), name taken"):
            found = self.site.python("""
api = wandb.Api()
api.create_run_queue(name="taken", type="local-process")
try:
    api.create_run_queue(name="taken", type="local-process")
    result = ""
except Exception as error:
    result = str(error)
""")
            self.assertIn("taken", found)

    def test_upsert(self):
        call = "Api().upsert_run_queue()"
        if not at_least("0.19.0"):
            self.missing(QUEUES, call)
            self.missing(QUEUES, "RunQueue.external_links")
            return
        found = self.site.python("""
api = wandb.Api()
entity = api.default_entity
def look():
    queue = api.run_queue(name="ups", entity=entity)
    queue.id
    return dict(config=queue.default_resource_config, links=queue.external_links, variables=queue.template_variables, mode=queue.prioritization_mode, type=queue.type)
variables = {"n": {"schema": {"type": "integer", "minimum": 1}, "description": ""}}
first = api.upsert_run_queue(name="ups", entity=entity, resource_type="kubernetes", resource_config={"spec": {"parallelism": "{{n}}"}}, template_variables=variables,
                             external_links={"docs": "https://docs.example"}, prioritization_mode="V0")
seen = [look()]
api.upsert_run_queue(name="ups", entity=entity, resource_type="kubernetes", resource_config={"spec": {"parallelism": 2}}, template_variables={},
                     external_links={"wiki": "https://wiki.example"}, prioritization_mode="V0")
seen.append(look())
result = dict(seen=seen, name=first.name)
""")
        first, second = found["seen"]
        with self.entry(QUEUES, call):
            self.assertEqual(first["config"], {"resource_args": {"kubernetes": {"spec": {"parallelism": "{{n}}"}}}})
            self.assertEqual([variable["name"] for variable in first["variables"]], ["n"])
            self.assertEqual((first["type"], first["mode"]), ("kubernetes", "V0"))
        with self.entry(QUEUES, call + ", twice"):
            self.assertEqual(second["config"], {"resource_args": {"kubernetes": {"spec": {"parallelism": 2}}}})
            self.assertEqual(second["variables"], [])
        with self.entry(QUEUES, "RunQueue.external_links"):
            self.assertIn("https://docs.example", str(first["links"]))
            self.assertIn("https://wiki.example", str(second["links"]))
            self.assertNotIn("https://docs.example", str(second["links"]))

    def test_upsert_refuses(self):
        if not at_least("0.19.0"):
            return
        with self.entry(QUEUES, "Api().upsert_run_queue(), bad template variables"):
            found = self.site.python("""
import time
start = time.monotonic()
try:
    wandb.Api().upsert_run_queue(name="bad", resource_type="local-process", resource_config={"a": "{{n}}"}, template_variables={"n": {"schema": {"type": "whatever"}}})
    result = ""
except Exception as error:
    result = str(error)
""")
            self.assertIn("n", found)
            self.assertIn("type", found)

    def test_delete(self):
        with self.entry(QUEUES, "RunQueue.delete()"):
            self.site.python("""
api = wandb.Api()
queue = api.create_run_queue(name="gone", type="local-process")
queue.delete()
""")
            self.assertNotIn("gone", [queue["name"] for queue in self.site.cli_json("queue", "list")])
        with self.entry(QUEUES, "Api().run_queue(), no such queue"):
            found = self.site.python("""
try:
    result = str(wandb.Api().run_queue(name="gone", entity=wandb.Api().default_entity).id)
except Exception as error:
    result = type(error).__name__
""")
            self.assertIn(found, ("CommError", "TypeError", "LaunchError", "ValueError"))


class QueuedRuns(WandbTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site.cli("queue", "create", "q1", "--resource", "local-process")
        code = cls.site.work_folder() / "code"
        code.mkdir()
        (code / "main.py").write_text("import wandb\nwith wandb.init() as run:\n    run.log({'loss': 0.25})\n")
        (code / "requirements.txt").write_text("wandb\n")
        done = cls.site.wandb("job", "create", "-p", "demo", "-n", "train", "-E", "python main.py", "code", code)
        if done.code != 0:
            raise AssertionError(done)

    def test_life_of_an_item(self):
        """Pushed and looked at, deleted; taken by a slipway agent and waited for."""
        found = self.site.python("""
queued = wandb.Api().job("default/demo/train:latest").call({}, project="demo", queue="q1", resource="local-process")
result = dict(state=queued.state, id=queued.id)
queued.delete()
try:
    queued.state
except Exception as error:
    result["gone"] = type(error).__name__
""")
        with self.entry(ITEMS, "QueuedRun.state, .id"):
            self.assertEqual(found["state"], "pending")
            self.assertTrue(found["id"])
        with self.entry(ITEMS, "QueuedRun.delete()"):
            self.assertIn("gone", found)
        self.site.start_agent("q1")
        found = self.site.python("""
queued = wandb.Api().job("default/demo/train:latest").call({}, project="demo", queue="q1", resource="local-process")
running = queued.wait_until_running()
finished = queued.wait_until_finished()
result = dict(running=running.id, finished=finished.id, state=finished.state, loss=finished.summary["loss"], item=queued.state)
""")
        with self.entry(ITEMS, "QueuedRun.wait_until_running()"):
            self.assertTrue(found["running"])
        with self.entry(ITEMS, "QueuedRun.wait_until_finished()"):
            self.assertEqual((found["finished"], found["state"], found["loss"]), (found["running"], "finished", 0.25))
            self.assertEqual(found["item"], "claimed")
