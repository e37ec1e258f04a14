"""A client of one entity can neither see nor guess anything of another; hostile input is an error at once and not a minute of retries."""
import hashlib
import json
import time
import unittest
import urllib.error
import urllib.request
from base64 import b64encode

from wandb_harness import WandbTest

SECTION = "Strangers and bad input"


class Strangers(WandbTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls.site.data_of('mutation { createUser(input: {username: "eve"}) { apiKey user { username } } }')["createUser"]
        cls.key = made["apiKey"]
        cls.entity = cls.site.data_of("{ viewer { entity } }")["viewer"]["entity"]
        cls.made = cls.site.python("""
with wandb.init(project="secret", id="mine") as run:
    run.log({"loss": 1})
    with open("s.txt", "w") as file:
        file.write("the secret")
    run.save("s.txt")
    artifact = wandb.Artifact("hidden", type="dataset")
    artifact.add_file("s.txt")
    run.log_artifact(artifact)
    artifact.wait()
result = dict(artifact=artifact.id)
""")
        run = cls.site.data_of('query($e: String) { project(name: "secret", entityName: $e) { run(name: "mine") { id files { edges { node { id name } } } } artifactCollection(name: "hidden") { id } } }',
                               e=cls.entity)["project"]
        cls.ids = {"run": run["run"]["id"], "file": run["run"]["files"]["edges"][0]["node"]["id"], "collection": run["artifactCollection"]["id"], "artifact": cls.made["artifact"]}

    def ask(self, path, body=None, key=None, method=None):
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Authorization"] = "Basic " + b64encode(b"api:" + key.encode()).decode()
        request = urllib.request.Request(self.site.url + path, data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def graphql(self, query, key=None, **variables):
        status, text = self.ask("/graphql", json.dumps({"query": query, "variables": variables}).encode(), key or self.key)
        return status, json.loads(text)

    def test_the_package_of_another_entity_finds_nothing(self):
        with self.entry(SECTION, "runs and artifacts of another entity look absent"):
            found = self.site.python("""
api = wandb.Api()
def tried(call):
    try:
        return repr(call())
    except Exception as error:
        return "refused"
path = "%s/secret" % ENTITY
result = dict(run=tried(lambda: api.run(path + "/mine").id), runs=tried(lambda: [run.id for run in api.runs(path)]), artifact=tried(lambda: api.artifact(path + "/hidden:v0").id),
              resumed=tried(lambda: wandb.init(entity=ENTITY, project="secret", id="mine", resume="must", settings=wandb.Settings(init_timeout=30)).id))
""".replace("ENTITY", repr(self.entity)), environment=self.site.environment(WANDB_API_KEY=self.key))
            self.assertEqual(found, {"run": "refused", "runs": "refused", "artifact": "refused", "resumed": "refused"})

    def test_every_change_by_id_looks_absent(self):
        mutations = {
            "deleteRun(input: {id: $run})": "clientMutationId",
            "stopRun(input: {id: $run})": "success",
            'updateRunState(input: {id: $run, state: "failed"})': "success",
            'upsertBucket(input: {id: $run, notes: "x"})': "inserted",
            "deleteFiles(input: {files: [$file]})": "success",
            'createRunFiles(input: {entityName: $entity, projectName: "secret", runName: "mine", files: ["x"]})': "runID",
            'markRunFilesUploaded(input: {entityName: $entity, projectName: "secret", runName: "mine", files: ["x"]})': "success",
            'notifyScriptableRunAlert(input: {entityName: $entity, projectName: "secret", runName: "mine", title: "t", text: "t"})': "success",
            "deleteArtifact(input: {artifactID: $artifact, deleteAliases: true})": "clientMutationId",
            'updateArtifact(input: {artifactID: $artifact, description: "x"})': "clientMutationId",
            'addAliases(input: {artifactID: $artifact, aliases: [{alias: "a", artifactCollectionName: "hidden", entityName: "x", projectName: "x"}]})': "success",
            'createArtifactFiles(input: {artifactFiles: [{artifactID: $artifact, name: "x", md5: "rL0Y20zC+Fzt72VPzMSk2A=="}]})': "clientMutationId",
            'completeMultipartUploadArtifact(input: {completeMultipartAction: Complete, completedParts: [], artifactID: $artifact, storagePath: "artifacts/x", uploadID: "x"})': "digest",
            "commitArtifact(input: {artifactID: $artifact})": "clientMutationId",
            'updateArtifactSequence(input: {artifactSequenceID: $collection, name: "x"})': "clientMutationId",
            'moveArtifactSequence(input: {artifactSequenceID: $collection, destinationArtifactTypeName: "x"})': "clientMutationId",
            "deleteArtifactSequence(input: {artifactSequenceID: $collection})": "clientMutationId",
            'createArtifactCollectionTagAssignments(input: {entityName: $entity, projectName: "secret", artifactCollectionName: "hidden", tags: [{tagName: "x"}]})': "success",
        }
        types = {"run": "ID!", "file": "ID!", "artifact": "ID!", "collection": "ID!", "entity": "String!"}
        with self.entry(SECTION, "changes of what belongs to another entity"):
            for call, field in mutations.items():
                used = {name: kind for name, kind in types.items() if "$" + name in call}
                if "upsertBucket" in call:
                    used["run"] = "String!"
                query = "mutation(%s) { %s { %s } }" % (", ".join("$%s: %s" % pair for pair in used.items()), call, field)
                _, answer = self.graphql(query, **{name: dict(self.ids, entity=self.entity)[name] for name in used})
                self.assertIn("errors", answer, call)
                self.assertIn("not found", json.dumps(answer["errors"]), call)
            still = self.site.data_of('query($e: String) { project(name: "secret", entityName: $e) { run(name: "mine") { state fileCount notes } artifact(name: "hidden:v0") { state description } } }',
                                      e=self.entity)["project"]
            self.assertEqual((still["run"]["state"], still["run"]["notes"], still["artifact"]), ("finished", None, {"state": "COMMITTED", "description": None}))
            self.assertGreater(still["run"]["fileCount"], 0)

    def test_bytes_cannot_be_guessed(self):
        md5 = hashlib.md5(b"the secret").hexdigest()
        with self.entry(SECTION, "bytes of another entity"):
            for path in (f"/artifacts/{self.entity}/{md5}", f"/artifactsV2/default/{self.entity}/secret/hidden/x/{md5}/s.txt", f"/files/{self.entity}/secret/mine/s.txt"):
                self.assertEqual(self.ask(path, key=self.key)[0], 404, path)
            # That the server has the bytes already is not to be seen either: the stranger has to send them.
            made = self.graphql("""mutation { createArtifact(input: {entityName: "eve", projectName: "p", artifactTypeName: "t", artifactCollectionName: "c", digest: "d", digestAlgorithm: MANIFEST_MD5})
                                { artifact { id } } }""")[1]["data"]["createArtifact"]["artifact"]["id"]
            files = self.graphql("mutation($files: [CreateArtifactFileSpecInput!]!) { createArtifactFiles(input: {artifactFiles: $files}) { files { edges { node { uploadUrl } } } } }",
                                 files=[{"artifactID": made, "name": "s.txt", "md5": b64encode(bytes.fromhex(md5)).decode()}])[1]
            url = files["data"]["createArtifactFiles"]["files"]["edges"][0]["node"]["uploadUrl"]
            self.assertTrue(url)
            # And an address that was given out is good for those bytes only.
            token = url.removeprefix(self.site.url)
            self.assertEqual(self.ask(token, b"other bytes", method="PUT")[0], 400)
            self.assertEqual(self.ask(token)[0], 403)
            self.assertEqual(self.ask(token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), b"the secret", method="PUT")[0], 403)

    def test_hostile_input_is_refused_at_once(self):
        fragments = "".join("fragment F%d on Query { ...F%d ...F%d }\n" % (i, i + 1, i + 1) for i in range(40)) + "fragment F40 on Query { viewer { id } }"
        documents = {
            "deep": "{ " + "project(name: \"a\") { entity { projects { edges { node " * 40 + "{ id }" + " } } } }" * 40 + " }",
            "aliases": "{ " + " ".join("a%d: viewer { id }" % i for i in range(20000)) + " }",
            "fragments": "{ ...F0 }\n" + fragments,
            "large": "{ viewer { id } }" + " " * (9 << 20),
        }
        admin = (self.site.data / "admin.key").read_text().strip()
        with self.entry(SECTION, "deep, wide and repeated queries; too large bodies"):
            for name, document in documents.items():
                began = time.monotonic()
                status, text = self.ask("/graphql", json.dumps({"query": document}).encode(), admin)
                self.assertIn(status, (400, 413), (name, text[:200]))
                self.assertLess(time.monotonic() - began, 30, name)
        with self.entry(SECTION, "paths that lead elsewhere, bad digests and bad base64"):
            for name in ("../../admin.key", "/etc/passwd", "a/../../b", "a\\..\\b", "", "x\u0000y"):
                _, answer = self.graphql("mutation($e: String!, $n: [String!]!) { createRunFiles(input: {entityName: $e, projectName: \"secret\", runName: \"mine\", files: $n}) { runID } }",
                                         key=admin, e=self.entity, n=[name])
                self.assertIn("errors", answer, name)
            for digest in ("", "not base64!", "YWJj", "x" * 500):
                _, answer = self.graphql("mutation($f: [CreateArtifactFileSpecInput!]!) { createArtifactFiles(input: {artifactFiles: $f}) { clientMutationId } }", key=admin,
                                         f=[{"artifactID": self.ids["artifact"], "name": "a", "md5": digest}])
                self.assertIn("errors", answer, digest)
            for filters in ("{", "[]", '{"$where": "1"}', '{"nothing": 1}', '{"state": {"$regex": "("}}', json.dumps({"$and": [{"state": "x"}] * 1000}), "[" * 100000):
                status, answer = self.graphql('query($f: JSONString) { project(name: "secret") { runCount(filters: $f) } }', key=admin, f=filters)
                self.assertIn("errors", answer, filters[:50])


if __name__ == "__main__":
    unittest.main()
