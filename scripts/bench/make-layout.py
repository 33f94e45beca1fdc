#!/usr/bin/env python3
"""make-layout.py FOLDER N: an OCI layout of N images for two CPUs, each with two layers of its own and three that all share."""
import hashlib
import json
import os
import sys

folder, count = sys.argv[1], int(sys.argv[2])
blobs = os.path.join(folder, "blobs/sha256")
os.makedirs(blobs)


def put(data, kind):
    name = hashlib.sha256(data).hexdigest()
    path = os.path.join(blobs, name)
    if not os.path.exists(path):
        with open(path, "wb") as f:
            f.write(data)
    return {"mediaType": f"application/vnd.oci.image.{kind}+json" if "v1.tar" not in kind else f"application/vnd.oci.image.{kind}",
            "digest": "sha256:" + name, "size": len(data)}


def document(value, kind):
    return put(json.dumps(value, separators=(",", ":")).encode(), kind)


def manifest(image, cpu, shared):
    own = [put(f"layer {image} {cpu} {i} ".encode() * 40, "layer.v1.tar") for i in range(2)]
    layers = shared + own
    config = document({"os": "linux", "architecture": cpu, "image": image, "rootfs": {"type": "layers", "diff_ids": [l["digest"] for l in layers]}}, "config.v1")
    return document({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": layers},
                    "manifest.v1") | {"platform": {"os": "linux", "architecture": cpu}}


shared = [put(f"shared {i} ".encode() * 1000, "layer.v1.tar") for i in range(3)]
entries = []
for image in range(count):
    children = [manifest(image, cpu, shared) for cpu in ("amd64", "arm64")]
    index = document({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": children}, "index.v1")
    name = f"quay.io/team-{image % 10}/app-{image:04}:v1"
    entries.append(index | {"annotations": {"org.opencontainers.image.ref.name": name}})
with open(os.path.join(folder, "index.json"), "w") as f:
    json.dump({"schemaVersion": 2, "manifests": entries}, f)
with open(os.path.join(folder, "oci-layout"), "w") as f:
    f.write('{"imageLayoutVersion":"1.0.0"}')
