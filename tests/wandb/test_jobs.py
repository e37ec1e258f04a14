"""Jobs: made on the command line, listed, described, called, made by runs."""
import json
import os

from wandb_harness import WandbTest, at_least

SECTION = "Jobs"
GIT = json.loads(open(os.environ["SLIPWAY_TEST_GIT"], encoding="utf-8").read())


class Jobs(WandbTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entity = cls.site.data_of("{ viewer { entity } }")["viewer"]["entity"]
        cls.code = cls.site.work_folder() / "code"
        (cls.code / "sub").mkdir(parents=True)
        (cls.code / "main.py").write_text("print('hello')\n")
        (cls.code / "requirements.txt").write_text("wandb\n")
        (cls.code / "sub/Dockerfile").write_text("FROM python:3.11\n")
        (cls.code / "sub/main.py").write_text("print('hello from below')\n")

    def create(self, *arguments, **options):
        return self.site.wandb("job", "create", "-p", "demo", *arguments, **options)

    def describe(self, name):
        return self.site.cli_json("job", "describe", f"{self.entity}/demo/{name}")

    def test_code(self):
        with self.entry(SECTION, "wandb job create code"):
            done = self.create("-n", "plain", "-E", "python main.py", "code", self.code)
            self.assert_done(done, "Created job", f"{self.entity}/demo/plain:v0", "latest")
            source = self.describe("plain:latest")["source"]
            self.assertEqual(source["entrypoint"], ["python", "main.py"])
            self.assertTrue(source["artifact"].startswith("wandb-artifact://_id/"), source)
        with self.entry(SECTION, "wandb job create code -n -d -a -E -r -b -D"):
            done = self.create("-n", "full", "-d", "of all flags", "-a", "best", "-a", "second", "-E", "python main.py", "-r", "3.11", "-b", "sub", "-D", "Dockerfile",
                               "code", self.code)
            self.assert_done(done, "best", "second")
            job = self.describe("full:best")
            self.assertEqual((job["runtime"], job["source"]["build_context"], job["source"]["dockerfile"]), ("3.11", "sub", "Dockerfile"))
        call = "wandb job create code -B"
        if at_least("0.18.0"):
            with self.entry(SECTION, call):
                self.assert_done(self.create("-n", "based", "-B", "python:3.12-slim", "-E", "python main.py", "code", self.code))
                self.assertEqual(self.describe("based:latest")["source"]["base_image"], "python:3.12-slim")
        else:
            self.missing(SECTION, call)
        with self.entry(SECTION, "wandb job create, nothing changed"):
            self.assert_done(self.create("-n", "plain", "-E", "python main.py", "code", self.code), "No changes detected", "plain:v0")
        with self.entry(SECTION, "wandb job create, a new version"):
            (self.code / "main.py").write_text("print('hello again')\n")
            self.assert_done(self.create("-n", "plain", "-E", "python main.py", "code", self.code), "Updated job", "plain:v1")

    def test_image(self):
        with self.entry(SECTION, "wandb job create image"):
            self.assert_done(self.create("-n", "img", "-a", "stable", "image", "registry.example/team/train:1.2"), "Created job", "img:v0", "1.2", "stable")
            self.assertEqual(self.describe("img:stable")["source"]["image"], "registry.example/team/train:1.2")
        call = "wandb job create image --schema, --service"
        if not at_least("0.19.9"):
            self.missing(SECTION, call)
            return
        with self.entry(SECTION, call):
            schema = {"type": "object", "properties": {"lr": {"type": "number", "minimum": 0}}}
            self.assert_done(self.create("-n", "served", "--schema", json.dumps(schema), "--service", "db=always", "image", "registry.example/team/train:1.2"))
            self.assertEqual(self.describe("served:latest")["services"], {"db": "always"})

    def test_git(self):
        environment = self.site.environment(GIT_SSL_CAINFO=GIT["ca"])
        with self.entry(SECTION, "wandb job create git"):
            done = self.create("-n", "repo", "-E", "python train.py", "-g", "main", "git", GIT["https"] + "/app.git", environment=environment)
            self.assert_done(done, "Created job", "repo:v0")
            git = self.describe("repo:latest")["source"]["git"]
            self.assertEqual(git, {"remote": GIT["https"] + "/app.git", "commit": GIT["commits"]["main"]})
        with self.entry(SECTION, "wandb job create git, unreachable"):
            done = self.create("-n", "no", "-E", "python train.py", "git", "https://localhost:9/no/such.git")
            self.assertIn("Job creation failed", done.output)

    def test_list_and_describe(self):
        self.assert_done(self.create("-n", "listed", "-a", "prod", "image", "registry.example/listed:1"))
        with self.entry(SECTION, "wandb job list"):
            self.assert_done(self.site.wandb("job", "list", "-p", "demo", "-e", self.entity), "listed")
        with self.entry(SECTION, "wandb job describe"):
            self.assert_done(self.site.wandb("job", "describe", f"{self.entity}/demo/listed:prod"), "source_type: image", "registry.example/listed:1")
        with self.entry(SECTION, "wandb job describe, no such job"):
            self.assertIn("not found", self.site.wandb("job", "describe", f"{self.entity}/demo/nosuch:latest").output)
        with self.entry(SECTION, "Api().list_jobs()"):
            jobs = self.site.python(f"result = wandb.Api().list_jobs({self.entity!r}, 'demo')")
            self.assertIn("listed", json.dumps(jobs))

    def test_call(self):
        self.site.cli("queue", "create", "docker", "--resource", "local-container", "--prioritize")
        self.assert_done(self.create("-n", "called", "image", "registry.example/called:1"))
        # A job takes no other inputs than those that its runs had: none, so far.
        config = {}
        with self.entry(SECTION, "Api().job().call()"):
            found = self.site.python(f"""
job = wandb.Api().job("{self.entity}/demo/called:latest")
queued = job.call({config}, project="demo", queue="docker", priority=1)
result = dict(state=queued.state, id=queued.id)
""")
            self.assertEqual(found["state"], "pending")
            spec = self.site.data_of("query($id: ID!) { runQueueItem(id: $id) { submittedSpec priority } }", id=found["id"])["runQueueItem"]
            self.assertEqual(spec["submittedSpec"].get("overrides", {}).get("run_config", {}), config)
            self.assertEqual(spec["submittedSpec"]["job"], f"{self.entity}/demo/called:latest")
            self.assertEqual(spec["priority"], 1)
