"""Artifacts: logged, used, downloaded, verified, renamed, deleted, by the real package."""
import unittest

from wandb_harness import WandbTest, at_least

SECTION = "Artifacts"


class Artifacts(WandbTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entity = cls.site.data_of("{ viewer { entity } }")["viewer"]["entity"]

    def test_files_directories_and_references(self):
        logged = self.site.python("""
import os
os.makedirs("tree/deep", exist_ok=True)
for name, text in {"tree/one.txt": "one", "tree/deep/two.txt": "two", "weights.bin": "w" * 300000}.items():
    with open(name, "w") as file:
        file.write(text)
with wandb.init(project="lab", id="maker", job_type="make") as run:
    artifact = wandb.Artifact("data", type="dataset", description="some data", metadata={"rows": 3})
    artifact.add_dir("tree")
    artifact.add_file("weights.bin", name="model/weights.bin")
    with artifact.new_file("made.txt") as file:
        file.write("made")
    artifact.add_reference(os.environ["WANDB_BASE_URL"] + "/healthz", name="far.txt", checksum=False)
    run.log_artifact(artifact, aliases=["first", "best"])
    artifact.wait()
    again = wandb.Artifact("data", type="dataset", metadata={"rows": 4})
    again.add_dir("tree")
    run.log_artifact(again)
    again.wait()
result = dict(first=artifact.version, second=again.version, digest=artifact.digest)
""")
        with self.entry(SECTION, "run.log_artifact: files, directories, new files, references"):
            self.assertEqual((logged["first"], logged["second"]), ("v0", "v1"))
        used = self.site.python("""
import os
with wandb.init(project="lab", id="user") as run:
    artifact = run.use_artifact("data:best")
    folder = artifact.download(root="got")
    files = sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names)
    with open(os.path.join(folder, "tree/deep/two.txt" if os.path.exists(os.path.join(folder, "tree")) else "deep/two.txt")) as file:
        two = file.read()
    weights = os.path.getsize(os.path.join(folder, "model/weights.bin"))
    far = artifact.get_entry("far.txt").ref_target()
    latest = run.use_artifact("data:latest").version
result = dict(files=files, two=two, weights=weights, far=far, latest=latest, metadata=dict(artifact.metadata), description=artifact.description, aliases=sorted(artifact.aliases))
""")
        with self.entry(SECTION, "run.use_artifact(name:alias), artifact.download()"):
            self.assertEqual(used["files"], ["deep/two.txt", "far.txt", "made.txt", "model/weights.bin", "one.txt"])
            self.assertEqual((used["two"], used["weights"], used["latest"]), ("two", 300000, "v1"))
        with self.entry(SECTION, "references"):
            self.assertEqual(used["far"], self.site.url + "/healthz")
        with self.entry(SECTION, "artifact.metadata, description, aliases"):
            self.assertEqual((used["metadata"], used["description"], used["aliases"]), ({"rows": 3}, "some data", ["best", "first"]))
        read = self.site.python("""
api = wandb.Api()
artifact = api.artifact("lab/data:v0")
artifact.download(root="api")
artifact.verify(root="api")
with open("api/one.txt", "w") as file:
    file.write("changed")
try:
    artifact.verify(root="api")
    caught = False
except ValueError:
    caught = True
result = dict(version=artifact.version, size=artifact.size, count=artifact.file_count, digest=artifact.digest, caught=caught, type=artifact.type, by=artifact.logged_by().id,
              users=sorted(run.id for run in artifact.used_by()), files=sorted(file.name for file in artifact.files()), exists=api.artifact_exists("lab/data:v0") if hasattr(api, "artifact_exists") else True,
              logged=sorted(a.name for a in api.run("lab/maker").logged_artifacts()), used=sorted(a.name for a in api.run("lab/user").used_artifacts()))
""")
        with self.entry(SECTION, "Api().artifact(name), artifact.verify()"):
            self.assertEqual((read["version"], read["type"], read["digest"], read["caught"], read["exists"]), ("v0", "dataset", logged["digest"], True, True))
            self.assertEqual(read["count"], 5)
        with self.entry(SECTION, "artifact.logged_by(), artifact.used_by(), artifact.files()"):
            self.assertEqual((read["by"], read["users"]), ("maker", ["user"]))
            self.assertEqual(read["files"], ["deep/two.txt", "far.txt", "made.txt", "model/weights.bin", "one.txt"])
        with self.entry(SECTION, "run.logged_artifacts(), run.used_artifacts()"):
            self.assertIn("data:v0", read["logged"])
            self.assertIn("data:v1", read["logged"])
            self.assertEqual([name for name in read["used"] if name.startswith("data")], ["data:v0", "data:v1"])

    def test_versions_aliases_and_collections(self):
        found = self.site.python("""
api = wandb.Api()
with wandb.init(project="versions", id="v") as run:
    for number in range(3):
        artifact = wandb.Artifact("model", type="model")
        with artifact.new_file("n.txt") as file:
            file.write(str(number))
        run.log_artifact(artifact, aliases=["best"] if number == 1 else [])
        artifact.wait()
    same = wandb.Artifact("model", type="model")
    with same.new_file("n.txt") as file:
        file.write("2")
    run.log_artifact(same)
    same.wait()
versions = [(a.version, sorted(a.aliases)) for a in api.artifacts("model", "versions/model")]
second = api.artifact("versions/model:v1")
second.aliases.append("prod")
second.metadata["note"] = "kept"
second.description = "the second"
second.save()
second = api.artifact("versions/model:prod")
prod = (second.version, sorted(second.aliases), second.metadata["note"], second.description)
second.aliases.remove("best")
second.save()
without = sorted(api.artifact("versions/model:v1").aliases)
types = sorted(kind.name for kind in api.artifact_types("versions"))
collections = sorted(c.name for c in api.artifact_type("model", "versions").collections())
try:
    api.artifact("versions/model:v1").delete()
    refused = False
except Exception:
    refused = True
api.artifact("versions/model:v1").delete(delete_aliases=True)
left = [a.version for a in api.artifacts("model", "versions/model")]
result = dict(versions=versions, same=same.version, prod=prod, without=without, types=types, collections=collections, refused=refused, left=left)
""")
        with self.entry(SECTION, "versions; equal content makes no new version"):
            self.assertEqual([version for version, _ in found["versions"]], ["v2", "v1", "v0"])
            self.assertEqual(found["same"], "v2")
            self.assertEqual(dict(found["versions"])["v2"], ["latest"])
        with self.entry(SECTION, "artifact.aliases, metadata, description with save()"):
            self.assertEqual(found["prod"], ["v1", ["best", "prod"], "kept", "the second"])
            self.assertEqual(found["without"], ["prod"])
        with self.entry(SECTION, "Api().artifact_types, artifact_type().collections(), artifacts()"):
            self.assertIn("model", found["types"])
            self.assertEqual(found["collections"], ["model"])
        with self.entry(SECTION, "artifact.delete(delete_aliases)"):
            self.assertEqual((found["refused"], found["left"]), (True, ["v2", "v0"]))

    def test_collections(self):
        if not at_least("0.25.0"):
            self.missing(SECTION, "collection.description, tags, save(), delete()")
            return
        found = self.site.python("""
api = wandb.Api()
with wandb.init(project="collected") as run:
    artifact = wandb.Artifact("set", type="dataset")
    with artifact.new_file("n.txt") as file:
        file.write("n")
    run.log_artifact(artifact, tags=["raw"])
    artifact.wait()
collection = api.artifact_collection("dataset", "collected/set")
collection.description = "all of them"
collection.tags = ["gold"]
collection.name = "renamed"
collection.save()
again = api.artifact_collection("dataset", "collected/renamed")
version = api.artifact("collected/renamed:v0")
tags = sorted(version.tags)
version.tags = ["cooked"]
version.save()
result = dict(description=again.description, tags=list(again.tags), raw=tags, cooked=sorted(api.artifact("collected/renamed:v0").tags), aliases=sorted(again.aliases))
again.delete()
try:
    api.artifact_collection("dataset", "collected/renamed")
    result["gone"] = False
except Exception:
    result["gone"] = True
""")
        with self.entry(SECTION, "collection.description, tags, save(), delete()"):
            self.assertEqual((found["description"], found["tags"], found["gone"]), ("all of them", ["gold"], True))
            self.assertEqual(found["aliases"], ["latest", "v0"] if "v0" in found["aliases"] else ["latest"])
        with self.entry(SECTION, "artifact.tags"):
            self.assertEqual((found["raw"], found["cooked"]), (["raw"], ["cooked"]))


if __name__ == "__main__":
    unittest.main()
