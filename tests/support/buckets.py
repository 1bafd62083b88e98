"""Owns a bucket of the tests, behind a real HTTP server on loopback."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

REGION = "ap-northeast-2"


@contextmanager
def running_bucket() -> Iterator[dict[str, Any]]:
    """Keep an empty bucket, and yield the settings by which the application reaches it."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "FILES_ACCESS_KEY": "of-tests",
        "FILES_SECRET_KEY": "of-tests-only",
        # One of its own: the servers of a process share what they keep.
        "FILES_BUCKET": f"dongne-{secrets.token_hex(4)}",
        "FILES_ENDPOINT": f"http://{host}:{port}",
        "FILES_REGION": REGION,
    }
    client = boto3.client(
        "s3",
        endpoint_url=settings["FILES_ENDPOINT"],
        region_name=REGION,
        aws_access_key_id=settings["FILES_ACCESS_KEY"],
        aws_secret_access_key=settings["FILES_SECRET_KEY"],
    )
    try:
        client.create_bucket(
            Bucket=settings["FILES_BUCKET"],
            CreateBucketConfiguration={"LocationConstraint": REGION},
        )
        client.close()
        yield settings
    finally:
        server.stop()
