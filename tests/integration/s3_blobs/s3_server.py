"""An S3 server that checks signatures (moto, from the Python package index), with a bucket and a user.

    s3_server.py PORT      prints {"access_key", "secret_key"} when it serves
"""
import json
import os
import sys
import threading

# What makes the user and the bucket is not asked for a signature; everything after it is. Read when the server is imported.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "4"
import boto3  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

BUCKET = "slipway-test"


def main():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=int(sys.argv[1]), verbose=False)
    server.start()
    address = {"endpoint_url": f"http://127.0.0.1:{sys.argv[1]}", "region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "x"}
    iam = boto3.client("iam", **address)
    iam.create_user(UserName="slipway")
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_user_policy(UserName="slipway", PolicyName="everything", PolicyDocument=json.dumps(everything))
    key = iam.create_access_key(UserName="slipway")["AccessKey"]
    boto3.client("s3", **address).create_bucket(Bucket=BUCKET)
    print(json.dumps({"access_key": key["AccessKeyId"], "secret_key": key["SecretAccessKey"]}), flush=True)
    threading.Event().wait()


main()
