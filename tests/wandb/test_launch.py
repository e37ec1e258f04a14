"""Submitting: wandb launch with its flags, launch_add, the default queue, refusals."""
import json
import os

from wandb_harness import WandbTest

SECTION = "Submitting"
GIT = json.loads(open(os.environ["SLIPWAY_TEST_GIT"], encoding="utf-8").read())


class Launch(WandbTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entity = cls.site.data_of("{ viewer { entity } }")["viewer"]["entity"]
        cls.site.cli("queue", "create", "plain", "--resource", "local-process")
        cls.site.cli("queue", "create", "open", "--resource", "local-container")
        cls.site.cli("queue", "create", "docker", "--resource", "local-container", "--prioritize", "--config", json.dumps({"env": ["FROM_QUEUE=1", "SIZE={{size}}"]}),
                     "--template-variables", json.dumps({"size": {"schema": {"type": "integer", "minimum": 1, "maximum": 8, "default": 2}}}))
        cls.code = cls.site.work_folder() / "code"
        cls.code.mkdir()
        (cls.code / "main.py").write_text("print('hello')\n")
        (cls.code / "requirements.txt").write_text("wandb\n")

    def newest(self, queue):
        query = """query($entity: String!, $queue: String!) { project(name: "model-registry", entityName: $entity) { runQueue(name: $queue) {
          items(newestFirst: true, first: 1) { edges { node { id priority runSpec submittedSpec author } } } } } }"""
        edges = self.site.data_of(query, entity=self.entity, queue=queue)["project"]["runQueue"]["items"]["edges"]
        return edges[0]["node"] if edges else None

    def launch(self, *arguments, **options):
        return self.site.wandb("launch", "-p", "demo", *arguments, **options)

    def test_directory(self):
        with self.entry(SECTION, "wandb launch -u DIRECTORY -q QUEUE"):
            self.assert_done(self.launch("-u", self.code, "-E", "python main.py", "-q", "plain"), "Added run to queue plain")
            spec = self.newest("plain")["runSpec"]
            self.assertTrue(spec["job"].startswith(f"{self.entity}/demo/job-"), spec)
        with self.entry(SECTION, "wandb launch -u DIRECTORY -D --build-context"):
            (self.code / "sub").mkdir(exist_ok=True)
            (self.code / "sub/Dockerfile.test").write_text("FROM python:3.11\n")
            (self.code / "sub/main.py").write_text("print('below')\n")
            self.assert_done(self.launch("-u", self.code, "-E", "python main.py", "-q", "docker", "-D", "Dockerfile.test", "--build-context", "sub"), "Added run to queue")
            spec = self.newest("docker")["runSpec"]
            self.assertEqual(spec["overrides"]["dockerfile"], "Dockerfile.test")

    def test_git(self):
        with self.entry(SECTION, "wandb launch -u GIT -q QUEUE"):
            environment = self.site.environment(GIT_SSL_CAINFO=GIT["ca"])
            self.assert_done(self.launch("-u", GIT["https"] + "/app.git", "-E", "python train.py", "-q", "plain", environment=environment), "Added run to queue plain")
            self.assertIn("job-", self.newest("plain")["runSpec"]["job"])

    def test_image(self):
        with self.entry(SECTION, "wandb launch -d IMAGE -q QUEUE"):
            self.assert_done(self.launch("-d", "busybox:1", "-q", "docker"), "Added run to queue docker", "FROM_QUEUE=1")
            item = self.newest("docker")
            self.assertEqual(item["runSpec"]["docker"]["docker_image"], "busybox:1")
            self.assertEqual(item["runSpec"]["resource_args"]["local-container"]["env"], ["FROM_QUEUE=1", "SIZE=2"])
        with self.entry(SECTION, "wandb launch -R"):
            self.assert_done(self.launch("-d", "busybox:1", "-q", "open", "-R", json.dumps({"local-container": {"shm-size": "1g"}})), "Added run to queue open")
            self.assertEqual(self.newest("open")["runSpec"]["resource_args"]["local-container"], {"shm-size": "1g"})
        with self.entry(SECTION, "wandb launch --priority --set-var -c -E --name"):
            config = {"overrides": {"run_config": {"lr": 0.1}, "args": ["--fast"]}}
            done = self.launch("-d", "busybox:1", "-q", "docker", "--priority", "critical", "--set-var", "size=4", "-c", json.dumps(config),
                               "-E", "sh -c true", "--name", "named")
            self.assert_done(done, "Added run to queue docker")
            item = self.newest("docker")
            spec = item["runSpec"]
            self.assertEqual((item["priority"], spec["name"]), (0, "named"))
            self.assertEqual(spec["overrides"]["run_config"], {"lr": 0.1})
            self.assertEqual(spec["overrides"]["args"], ["--fast"])
            self.assertEqual(spec["overrides"]["entry_point"], ["sh", "-c", "true"])
            self.assertEqual(spec["resource_args"]["local-container"], {"env": ["FROM_QUEUE=1", "SIZE=4"]})

    def test_job(self):
        self.assert_done(self.site.wandb("job", "create", "-p", "demo", "-n", "again", "image", "registry.example/again:1"))
        with self.entry(SECTION, "wandb launch -j JOB -q QUEUE"):
            self.assert_done(self.launch("-j", f"{self.entity}/demo/again:latest", "-q", "docker"), "Added run to queue docker")
            self.assertEqual(self.newest("docker")["runSpec"]["job"], f"{self.entity}/demo/again:latest")
        with self.entry(SECTION, "wandb launch -j JOB, no such job"):
            done = self.launch("-j", f"{self.entity}/demo/nosuch:latest", "-q", "docker")
            self.assertNotEqual(done.code, 0, done)

    def test_default_queue(self):
        with self.entry(SECTION, "wandb launch -q, the default queue is made"):
            self.assert_done(self.launch("-d", "busybox:1", "-q"), "Added run to queue default")
            self.assertEqual(self.newest("default")["runSpec"]["docker"]["docker_image"], "busybox:1")

    def test_refusals(self):
        with self.entry(SECTION, "wandb launch -q, no such queue"):
            done = self.launch("-d", "busybox:1", "-q", "nosuch")
            self.assertNotEqual(done.code, 0, done)
            self.assertIn("nosuch", done.output)
        with self.entry(SECTION, "wandb launch --priority, queue without priorities"):
            done = self.launch("-d", "busybox:1", "-q", "plain", "--priority", "high")
            self.assertNotEqual(done.code, 0, done)
        with self.entry(SECTION, "wandb launch --set-var, value out of range"):
            done = self.launch("-d", "busybox:1", "-q", "docker", "--set-var", "size=99")
            self.assertNotEqual(done.code, 0, done)

    def test_launch_add(self):
        with self.entry(SECTION, "launch_add()"):
            found = self.site.python(f"""
from wandb.sdk.launch import launch_add
queued = launch_add(docker_image="busybox:1", project="demo", entity={self.entity!r}, queue_name="docker", priority=3, template_variables={{"size": 8}},
                    config={{"overrides": {{"run_config": {{"a": 1}}}}}})
result = dict(id=queued.id, state=queued.state)
""")
            self.assertEqual(found["state"], "pending")
            item = self.newest("docker")
            self.assertEqual((item["id"], item["priority"]), (found["id"], 3))
            self.assertEqual(item["runSpec"]["resource_args"]["local-container"]["env"], ["FROM_QUEUE=1", "SIZE=8"])
        with self.entry(SECTION, "launch_add(), refused by the queue's schema") as entry:
            found = self.site.python(f"""
from wandb.sdk.launch import launch_add
try:
    launch_add(docker_image="busybox:1", project="demo", entity={self.entity!r}, queue_name="docker", template_variables={{"size": 1000}})
    result = "accepted"
except Exception as error:
    result = str(error)
""")
            self.assertNotEqual(found, "accepted")

    def test_service_account(self):
        with self.entry("Login and people", "a service account with WANDB_USERNAME"):
            made = self.site.data_of("""mutation($entity: String!) { createUser(input: {username: "robot", service: true, entityName: $entity, role: MEMBER}) { apiKey } }""",
                                     entity=self.entity)["createUser"]
            environment = self.site.environment(WANDB_API_KEY=made["apiKey"], WANDB_USERNAME="admin")
            self.assert_done(self.launch("-e", self.entity, "-d", "busybox:1", "-q", "docker", environment=environment), "Added run to queue docker")
            self.assertEqual(self.newest("docker")["author"], "admin")
