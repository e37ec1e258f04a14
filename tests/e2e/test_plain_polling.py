"""The agent against a server that has the W&B fields only: it polls, and the end of a job reaches the server through its run. The tools that watch use the whole API below /full."""
from harness import ENDED, Site, SiteTest, main, wait_until


class PlainSite(Site):
    """Everything but the agent speaks to /full."""

    def environment(self, **extra):
        return super().environment(**{"WANDB_BASE_URL": self.url + "/full", **extra})

    def start_server(self, *flags, **env):
        return super().start_server("--wandb-fields-only", *flags, **env)

    def start_agent(self, *queues, **options):
        return super().start_agent(*queues, WANDB_BASE_URL=self.url, **options)

    def graphql(self, query, key=None, plain=False, **variables):
        if plain:
            return super().graphql(query, key, **variables)
        address, self.url = self.url, self.url + "/full"
        try:
            return super().graphql(query, key, **variables)
        finally:
            self.url = address


class PlainPolling(SiteTest):
    def setUp(self):
        super().setUp()
        self.site = PlainSite(self.folder)
        self.site.start_server()
        self.site.cli("queue", "create", "q1", "--resource", "local-process")

    def ended(self, item):
        def look():
            found = self.site.item(item)
            return found if found["phase"] in ENDED else None

        return wait_until("the item to end", look)

    def console(self, run):
        query = """query($run: String!) { entity { projects { edges { node { run(name: $run) { state logLines { edges { node { line } } } } } } } } }"""
        for edge in self.site.graphql(query, run=run)["data"]["entity"]["projects"]["edges"]:
            if edge["node"]["run"]:
                return [line["node"]["line"] for line in edge["node"]["run"]["logLines"]["edges"]]
        return []

    def test_our_fields_are_hidden(self):
        answer = self.site.graphql("{ resourceKinds { name } }", plain=True)
        self.assertEqual(answer["errors"][0]["message"], 'Cannot query field "resourceKinds" on type "Query".')
        types = self.site.graphql('{ ours: __type(name: "RunQueueLease") { name } theirs: __type(name: "RunQueue") { fields { name } } }', plain=True)["data"]
        self.assertIsNone(types["ours"])
        self.assertNotIn("items", [field["name"] for field in types["theirs"]["fields"]])
        self.assertTrue(self.site.graphql("{ resourceKinds { name } }")["data"]["resourceKinds"])

    def test_a_job_without_an_sdk_ends_with_its_exit_code_and_output(self):
        self.site.start_agent("q1", flags=["--max-jobs", "2"])
        good = self.launch("echo from the job", name="good")
        bad = self.launch("echo before; exit 3", name="bad")
        self.assertEqual((self.ended(good["item"])["phase"], self.ended(good["item"])["exitCode"]), ("FINISHED", 0))
        self.assertEqual((self.ended(bad["item"])["phase"], self.ended(bad["item"])["exitCode"]), ("FAILED", 3))
        self.assertIn("from the job", self.console(good["run"]))
        self.assertIn("before", self.console(bad["run"]))

    def test_what_cannot_start_fails_with_its_reason(self):
        self.site.start_agent("q1")
        launched = self.launch("true", entry="/no/such/program main.sh")
        item = self.ended(launched["item"])
        self.assertEqual(item["phase"], "FAILED")

    def test_a_stop_of_the_run_ends_the_job(self):
        (self.site.home / ".config/slipway").mkdir(parents=True)
        (self.site.home / ".config/slipway/launch-config.yaml").write_text("stopped_run_timeout: 1\n")
        self.site.start_agent("q1")
        mark = self.folder / "stopped"
        launched = self.launch(f"trap 'echo > {mark}; exit 0' TERM; echo up; while :; do sleep 0.1; done")
        self.site.wait_for_phase(launched["item"], "CLAIMED", "RUNNING")
        self.site.cli("run", "stop", launched["run"])
        self.assertIn(self.ended(launched["item"])["phase"], ("STOPPED", "FINISHED", "FAILED"))
        wait_until("the job to hear of it", mark.exists)

    def test_no_more_jobs_than_allowed_and_all_queues_in_turn(self):
        self.site.cli("queue", "create", "q2", "--resource", "local-process")
        items = [self.launch("true", queue=queue, name=f"{queue}-{i}")["item"] for queue in ("q1", "q2") for i in range(2)]
        self.site.start_agent("q1", "q2")
        for item in items:
            self.assertEqual(self.ended(item)["phase"], "FINISHED")

    def test_the_server_stops_the_agent(self):
        agent = self.site.start_agent("q1")
        name = self.site.cli_json("agent", "list")[0]["name"]
        self.site.cli("agent", "stop", name)
        self.assertEqual(agent.wait(), 0)


if __name__ == "__main__":
    main()
