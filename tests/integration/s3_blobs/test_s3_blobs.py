"""slipway server --blobs s3://…: uploads, downloads, digests and garbage in a real S3 server that checks signatures.

    test_s3_blobs.py FOLDER      FOLDER keeps the environment with the S3 server
"""
import fcntl
import hashlib
import json
import subprocess
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "e2e"))
from harness import SiteTest, free_port, main  # noqa: E402

ENVIRONMENT = Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else HERE.parents[2] / "build/s3"
BUCKET = "slipway-test"


def environment():
    wanted = HERE / "requirements.txt"
    home = ENVIRONMENT / hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]
    ENVIRONMENT.mkdir(parents=True, exist_ok=True)
    with open(ENVIRONMENT / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "complete").exists():
            subprocess.run([sys.executable, "-m", "venv", home], check=True)
            subprocess.run([home / "bin/pip", "--disable-pip-version-check", "install", "--quiet", "--only-binary", ":all:", "-r", wanted], check=True)
            (home / "complete").touch()
    return home / "bin/python"


class S3Server:
    def __init__(self, log, port=None):
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        with open(log, "ab") as errors:
            self.process = subprocess.Popen([environment(), HERE / "s3_server.py", str(self.port)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True)
        self.keys = json.loads(self.process.stdout.readline())

    def names(self):
        """Keys of the bucket, looked at in the server itself and not through slipway."""
        script = ("import boto3, json, sys; c = boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id=sys.argv[2], aws_secret_access_key=sys.stdin.read());"
                  "print(json.dumps([o['Key'] for o in c.list_objects_v2(Bucket=sys.argv[3]).get('Contents', [])]))")
        done = subprocess.run([environment(), "-c", script, self.address, self.keys["access_key"], BUCKET], input=self.keys["secret_key"], text=True, capture_output=True, check=True)
        return json.loads(done.stdout)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Blobs(SiteTest):
    def setUp(self):
        super().setUp()
        self.store = S3Server(self.folder / "s3.log")
        self.addCleanup(lambda: self.store.stop())

    def serve(self, secret=None):
        where = f"s3://{BUCKET}/some/where?endpoint={self.store.address}"
        keys = {"AWS_ACCESS_KEY_ID": self.store.keys["access_key"], "AWS_SECRET_ACCESS_KEY": secret or self.store.keys["secret_key"]}
        return self.site.start_server("--blobs", where, **keys)

    def send(self, url, body=None, headers=None):
        request = urllib.request.Request(url, data=body, headers=headers or {}, method="PUT" if body is not None else "GET")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read(), dict(error.headers)

    def grant(self, name):
        entity = self.site.graphql("{ viewer { entity } }")["data"]["viewer"]["entity"]
        self.site.graphql('mutation($e: String) { upsertBucket(input: {entityName: $e, modelName: "p", name: "r"}) { inserted } }', e=entity)
        made = self.site.graphql('mutation($e: String!, $n: [String!]!) { createRunFiles(input: {entityName: $e, projectName: "p", runName: "r", files: $n}) { files { uploadUrl } } }', e=entity, n=[name])
        return made["data"]["createRunFiles"]["files"][0]["uploadUrl"]

    def address(self, name):
        answer = self.site.graphql('query($n: [String]) { project(name: "p") { run(name: "r") { files(names: $n) { edges { node { directUrl sizeBytes } } } } } }', n=[name])
        (edge,) = answer["data"]["project"]["run"]["files"]["edges"]
        return edge["node"]["directUrl"]

    def test_bytes_are_kept_once_and_come_back(self):
        self.serve()
        content = bytes(range(256)) * 8192
        for name in ("a.bin", "b.bin"):
            self.assertEqual(self.send(self.grant(name), content)[0], 200)
        self.assertEqual(self.send(self.grant("empty.bin"), b"")[0], 200)
        digest = hashlib.sha256(content).hexdigest()
        nothing = hashlib.sha256(b"").hexdigest()
        self.assertEqual(sorted(self.store.names()), sorted(f"some/where/{name[:2]}/{name[2:]}" for name in (digest, nothing)))
        self.assertEqual([file for file in self.site.data.rglob("*") if file.is_file() and "uploads" in file.parts], [])
        self.assertFalse((self.site.data / "blobs").exists())
        url = self.address("b.bin")
        status, body, headers = self.send(url)
        self.assertEqual((status, body == content, headers["ETag"]), (200, True, f'"{digest}"'))
        status, body, headers = self.send(url, headers={"Range": "bytes=256-511"})
        self.assertEqual((status, body, headers["Content-Range"]), (206, bytes(range(256)), f"bytes 256-511/{len(content)}"))
        self.assertEqual(self.send(url, headers={"If-None-Match": f'"{digest}"'})[0], 304)
        self.assertEqual(self.send(self.address("empty.bin"))[:2], (200, b""))

    def test_a_wrong_digest_reaches_no_store(self):
        self.serve()
        wrong = {"Content-MD5": b64encode(hashlib.md5(b"other").digest()).decode()}
        self.assertEqual(self.send(self.grant("a.bin"), b"these", wrong)[0], 400)
        self.assertEqual(self.store.names(), [])

    def test_what_the_store_refuses_is_said_and_not_lost(self):
        server = self.serve(secret="not-the-secret")
        status, body, _ = self.send(self.grant("a.bin"), b"these")
        self.assertEqual(status, 503, body)
        self.assertIn(b"blob store", body)
        self.assertNotIn("not-the-secret", server.output() + body.decode())
        server.stop()
        self.serve()
        self.assertEqual(self.send(self.grant("a.bin"), b"these")[0], 200)
        self.store.stop()
        self.assertEqual(self.send(self.grant("b.bin"), b"those")[0], 503)
        self.assertEqual(self.send(self.address("a.bin"))[0], 503)

    def test_bad_places_and_missing_credentials_are_refused_at_the_start(self):
        for place, said in (("s3://B", "a bucket's name"), ("file:///x", "s3://"), (f"s3://{BUCKET}?endpoint=ftp://x", "endpoint"), (f"s3://{BUCKET}?secret=x", "unknown option"),
                            (f"s3://{BUCKET}", "AWS_ACCESS_KEY_ID")):
            environment_of_nobody = self.site.environment(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", AWS_SHARED_CREDENTIALS_FILE=self.folder / "none")
            done = self.site.run("server", "--data", self.folder / "d", "--listen", "127.0.0.1:0", "--blobs", place, env=environment_of_nobody)
            self.assertNotEqual(done.returncode, 0, place)
            self.assertIn(said, done.stdout + done.stderr)


if __name__ == "__main__":
    main()
