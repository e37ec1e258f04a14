"""Who one is: login, viewer, entities, teams, service accounts."""
from wandb_harness import WandbTest

SECTION = "Login and people"


class Login(WandbTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = (cls.site.data / "admin.key").read_text().strip()
        cls.admin = cls.site.data_of("{ viewer { username entity } }")["viewer"]
        cls.site.data_of('mutation { createTeam(input: {name: "research"}) { entity { name } } }')

    def logged_out(self, **extra):
        return self.site.environment(WANDB_BASE_URL=None, WANDB_API_KEY=None, **extra)

    def test_login_on_the_command_line(self):
        with self.entry(SECTION, "wandb login --host URL KEY"):
            self.assert_done(self.site.wandb("login", "--relogin", "--host", self.site.url, self.key, environment=self.logged_out()))
            self.assertIn(self.key, (self.site.home / ".netrc").read_text())
            # Later commands find server and key in the files that the login left.
            viewer = self.site.python("result = wandb.Api().viewer.username", environment=self.logged_out())
            self.assertEqual(viewer, self.admin["username"])
        with self.entry(SECTION, "wandb login --verify"):
            self.assert_done(self.site.wandb("login", "--verify", "--relogin", "--host", self.site.url, self.key, environment=self.logged_out()))
            wrong = self.site.wandb("login", "--verify", "--relogin", "--host", self.site.url, "0" * 40, environment=self.logged_out(NETRC=self.folder / "netrc"))
            self.assertNotEqual(wrong.code, 0, wrong)

    def test_python(self):
        found = self.site.python("""
logged_in = wandb.login(verify=True)
api = wandb.Api()
viewer = api.viewer
result = dict(logged_in=logged_in, entity=api.default_entity, viewer=viewer.username, admin=viewer.admin, teams=list(viewer.teams), keys=len(viewer.api_keys))
""")
        with self.entry(SECTION, "wandb.login(verify=True)"):
            self.assertTrue(found["logged_in"])
        with self.entry(SECTION, "Api().default_entity"):
            self.assertEqual(found["entity"], self.admin["entity"])
        with self.entry(SECTION, "Api().viewer"):
            self.assertEqual((found["viewer"], found["admin"]), (self.admin["username"], True))
            self.assertIn("research", found["teams"])
            self.assertGreaterEqual(found["keys"], 1)
