"""Faults, by killing real processes at named steps (docs/design/faults.md): no item is lost, none is started twice, every state is written once."""
import json
import random
import unittest

from harness import ENDED, SiteTest, main, wait_until

BEFORE_SUBMISSION = ("before_claim", "after_claim", "after_resolve", "after_fetch", "after_image", "after_ready", "before_intent")
AFTER_INTENT = ("after_intent", "after_create", "after_reference")


class Faults(SiteTest):
    def setUp(self):
        super().setUp()
        self.site.start_server()
        self.site.cli("queue", "create", "q1", "--resource", "local-process", "--lease-seconds", "3", "--prioritize")
        self.started = self.folder / "started"

    def counted(self, name, rest="", queue="q1", flags=()):
        """A job that leaves a line with its name when it starts."""
        return self.launch(f"echo {name} >> {self.started}; {rest}", name=name, queue=queue, flags=flags)

    def starts(self):
        return self.started.read_text().split() if self.started.exists() else []

    def check_history(self, item_id):
        """I4 and I5: one terminal state, written once; every transition has an actor and a reason; attempts and states follow each other."""
        events = self.site.item(item_id)["events"]
        terminal = [event for event in events if event["to"] in ENDED and event["from"] != event["to"]]
        self.assertEqual(len(terminal), 1, events)
        for event in events:
            self.assertTrue(event["actor"] and event["reason"], event)

    def dies_at(self, step, then):
        """An agent dies at that step of the first job; `then` names the agent that comes after it."""
        agent = self.site.start_agent("q1", name="first", SLIPWAY_KILL_AT=step)
        launched = self.counted(step)
        self.assertEqual(agent.wait(), -9)
        waiting = self.counted("later-" + step, flags=["-P", "low"])
        survivor = self.site.start_agent("q1", name=then)
        item = self.site.wait_for_phase(launched["item"], "FINISHED")
        self.site.wait_for_phase(waiting["item"], "FINISHED")
        self.assertEqual(self.starts().count(step), 1)
        self.check_history(launched["item"])
        survivor.stop()
        return item

    def test_agent_dies_before_submission_and_another_takes_the_item(self):  # A2, A3
        for step in BEFORE_SUBMISSION:
            with self.subTest(step):
                item = self.dies_at(step, then="second")
                self.assertEqual(item["deliveries"], 2)
                self.assertEqual(item["attempt"], 1)

    def test_agent_dies_around_the_backend_call_and_comes_back(self):  # A4, A5
        for step in AFTER_INTENT:
            with self.subTest(step):
                self.dies_at(step, then="first")

    def test_the_old_place_in_the_queue(self):  # A2
        agent = self.site.start_agent("q1", name="first", SLIPWAY_KILL_AT="after_claim")
        first = self.counted("first")
        self.assertEqual(agent.wait(), -9)
        others = [self.counted(f"other-{i}") for i in range(3)]
        # The dead agent's lease has to run out before anybody else looks, else an idle agent rightly takes the others first.
        self.site.wait_for_phase(first["item"], "PENDING")
        self.assertEqual(self.site.item(first["item"])["position"], 0)
        self.site.start_agent("q1", name="second")
        for each in (first, *others):
            self.site.wait_for_phase(each["item"], "FINISHED")
        self.assertEqual(self.starts(), ["first", "other-0", "other-1", "other-2"])

    def test_running_job_is_adopted_with_log_and_exit_code(self):
        gate = self.folder / "gate"
        agent = self.site.start_agent("q1", name="first")
        launched = self.counted("long", f"i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done; while [ ! -e {gate} ]; do sleep 0.05; done; echo end; exit 5")
        self.site.wait_for_phase(launched["item"], "RUNNING")
        agent.kill()
        gate.touch()
        self.site.start_agent("q1", name="first")
        item = self.site.wait_for_phase(launched["item"], "FAILED")
        self.assertEqual((item["exitCode"], item["error"]["failureClass"]), (5, "exit_code"))
        lines = [line for line in self.site.log_lines(launched["run"]) if not line.startswith("[slipway]")]
        self.assertEqual(lines, [f"line {i}" for i in range(500)] + ["end"])
        self.assertEqual(self.starts(), ["long"])

    def test_sigterm_leaves_jobs_running(self):
        agent = self.site.start_agent("q1", name="first")
        gate = self.folder / "gate"
        launched = self.counted("long", f"while [ ! -e {gate} ]; do sleep 0.05; done")
        self.site.wait_for_phase(launched["item"], "RUNNING")
        self.assertEqual(agent.stop(), 0)
        self.assertEqual(self.site.item(launched["item"])["phase"], "RUNNING")
        self.site.start_agent("q1", name="first")
        gate.touch()
        self.site.wait_for_phase(launched["item"], "FINISHED")
        self.assertEqual(self.starts(), ["long"])

    def test_drain_waits_for_the_last_job(self):
        agent = self.site.start_agent("q1")
        gate = self.folder / "gate"
        launched = self.counted("long", f"while [ ! -e {gate} ]; do sleep 0.05; done")
        self.site.wait_for_phase(launched["item"], "RUNNING")
        name = self.site.cli_json("agent", "list")[0]["name"]
        self.site.cli("agent", "drain", name)
        waiting = self.counted("waiting")
        gate.touch()
        self.assertEqual(agent.wait(), 0)
        self.assertEqual(self.site.item(launched["item"])["phase"], "FINISHED")
        self.assertEqual(self.site.item(waiting["item"])["phase"], "PENDING")

    def test_poison_item_is_put_aside(self):  # A10
        self.site.cli("queue", "create", "poison", "--resource", "local-process", "--lease-seconds", "2", "--max-deliveries", "2")
        launched = self.counted("poison", queue="poison")
        for name in ("one", "two"):
            self.site.wait_for_phase(launched["item"], "PENDING")
            agent = self.site.start_agent("poison", name=name, wait=False, SLIPWAY_KILL_AT="after_claim")
            self.assertEqual(agent.wait(), -9)
        item = self.site.wait_for_phase(launched["item"], "FAILED")
        self.assertEqual(item["error"]["failureClass"], "dead_letter")
        names = {agent["name"] for agent in self.site.cli_json("agent", "list", "--all")}
        self.assertTrue(all(name in item["error"]["message"] for name in names), (names, item["error"]))
        healthy = self.counted("healthy", queue="poison")
        self.site.start_agent("poison", name="three")
        self.site.wait_for_phase(healthy["item"], "FINISHED")
        self.assertEqual(self.starts(), ["healthy"])

    def test_slot_is_freed_exactly_once(self):  # A11
        self.site.start_agent("q1")
        for round_ in range(3):
            launched = self.counted(f"cancelled-{round_}", "sleep 300")
            self.site.wait_for_phase(launched["item"], "LEASED", "CLAIMED", "STARTING", "RUNNING")
            self.site.cli("item", "cancel", launched["item"])
            self.site.cli("item", "cancel", launched["item"])
            self.site.wait_for_phase(launched["item"], "STOPPED")
        running = [self.counted(f"after-{i}", "sleep 300") for i in range(2)]
        self.site.wait_for_phase(running[0]["item"], "RUNNING")
        self.assertIn("1/1", wait_until("the second to wait for the slot", lambda: self.site.item(running[1]["item"])["waitReason"]))

    def test_server_is_killed_again_and_again(self):  # B1
        agent = self.site.start_agent("q1", flags=["-j", "4"])
        launched = [self.counted(f"job-{i}", "sleep 0.3; echo done") for i in range(16)]
        server = self.site.children[0]
        for _ in range(3):
            wait_until("some work between kills", lambda n=len(self.starts()): len(self.starts()) > n or len(self.starts()) == 16)
            server.kill()
            server = self.site.start_server()
        for each in launched:
            self.site.wait_for_phase(each["item"], "FINISHED")
            self.check_history(each["item"])
            self.assertIn("done", self.site.log_lines(each["run"]))
        self.assertEqual(sorted(self.starts()), sorted(f"job-{i}" for i in range(16)))
        self.assertTrue(agent.running())

    def test_random_agents_are_killed(self):  # A1, short
        seed = random.randrange(1 << 30)
        print("seed", seed)
        chance = random.Random(seed)
        names = ["a", "b", "c"]
        agents = {name: self.site.start_agent("q1", name=name, flags=["-j", "3"]) for name in names}
        launched = [self.counted(f"job-{i}", "sleep 0.2") for i in range(24)]
        for _ in range(6):
            wait_until("some work between kills", lambda n=len(self.starts()): len(self.starts()) > n or len(self.starts()) == 24)
            name = chance.choice(names)
            agents[name].kill()
            agents[name] = self.site.start_agent("q1", name=name, flags=["-j", "3"])
        for each in launched:
            self.site.wait_for_phase(each["item"], "FINISHED")
            self.check_history(each["item"])
        self.assertEqual(sorted(self.starts()), sorted(f"job-{i}" for i in range(24)))

    def test_log_survives_a_server_that_is_away(self):
        self.site.start_agent("q1")
        gate = self.folder / "gate"
        launched = self.counted("talker", f"echo first; while [ ! -e {gate} ]; do sleep 0.05; done; i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done")
        wait_until("the first line", lambda: "first" in self.site.log_lines(launched["run"]))
        self.site.children[0].kill()
        gate.touch()
        wait_until("the job to write all of it", lambda: any("line 2999" in path.read_text(errors="replace") for path in self.folder.glob("agent/**/output.log")))
        self.site.start_server()
        self.site.wait_for_phase(launched["item"], "FINISHED")
        lines = [line for line in self.site.log_lines(launched["run"]) if not line.startswith("[slipway]")]
        self.assertEqual(lines, ["first"] + [f"line {i}" for i in range(3000)])

    def test_priority_is_strict(self):  # E1, short
        chance = random.Random(11)
        order = ["critical", "high", "medium", "low"]
        wanted = []
        for i in range(16):
            priority = chance.choice(order)
            self.counted(f"{priority}-{i}", flags=["-P", priority])
            wanted.append((order.index(priority), i, f"{priority}-{i}"))
        self.site.start_agent("q1")
        wait_until("all to start", lambda: len(self.starts()) == 16)
        self.assertEqual(self.starts(), [name for _, _, name in sorted(wanted)])

    def test_queue_paused_while_an_agent_waits(self):  # E10
        self.site.start_agent("q1")
        self.site.cli("queue", "pause", "q1")
        launched = self.counted("held")
        self.assertIn("paused", self.site.item(launched["item"])["waitReason"])
        self.site.cli("queue", "resume", "q1")
        self.site.wait_for_phase(launched["item"], "FINISHED")

    def test_two_agents_in_one_folder(self):
        self.site.start_agent("q1", name="same")
        second = self.site.start_agent("q1", name="same", wait=False)
        self.assertNotEqual(second.wait(), 0)
        self.assertIn("another agent", second.output())

    def test_acknowledged_pushes_survive_kill_9(self):  # I2
        self.site.cli("queue", "create", "images", "--resource", "local-container")
        pushed = []
        for i in range(30):
            answer = self.site.graphql("mutation($i: PushToRunQueueByNameInput!) { pushToRunQueueByName(input: $i) { runQueueItemId } }",
                                       i={"entityName": "default", "projectName": "model-registry", "queueName": "images",
                                          "runSpec": json.dumps({"project": "p", "docker": {"docker_image": f"busybox:{i}"}})})
            pushed.append(answer["data"]["pushToRunQueueByName"]["runQueueItemId"])
        self.site.children[0].kill()
        self.site.start_server()
        kept = {item["id"] for item in self.site.cli_json("queue", "items", "images", "-n", "100")}
        self.assertEqual(set(pushed) - kept, set())


if __name__ == "__main__":
    unittest.util._MAX_LENGTH = 10_000
    main()
