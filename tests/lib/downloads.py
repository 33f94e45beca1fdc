"""Compare list-gen --enabled --checksums with the dictionary `downloads` that Ansible rendered, for every release."""
import glob
import json
import os
import subprocess
import sys

CONTROL_PLANE = tuple("/kube-%s:" % n for n in ("apiserver", "controller-manager", "scheduler", "proxy"))


def flags_of(variant):
    path = os.path.join(variant, "vars.txt")
    flags = []
    for line in open(path).read().splitlines() if os.path.exists(path) else []:
        value = line[len("-e "):]
        flags += ["-e", "@%s/%s" % (variant, value[1:]) if value.startswith("@") else value]
    return flags


def checksum_of(item):
    text = str(item.get("checksum", item.get("sha256")) or "")
    if text.rpartition(":")[2] in ("", "0"):
        return ""
    return text if ":" in text else "sha256:" + text


def text_of(item):
    return "%s:%s" % (item["repo"], item["tag"]) if item.get("container") else item["url"]


def list_gen(*args):
    return subprocess.run(["list-gen", *args], check=True, capture_output=True, text=True).stdout.splitlines()


def compare(path, kind, cpu, flags):
    items = [i for i in json.load(open(path)).values() if bool(i.get("container")) == (kind == "images")]
    want = {"\t".join(filter(None, (text_of(i), checksum_of(i)))) for i in items if i["enabled"]}
    common = [kind, "--kubespray", path.split("/expected")[0] + "/vars", "--arch", cpu, "--checksums", *flags]
    got = {line for line in list_gen(*common, "--enabled") if not any(n in line for n in CONTROL_PLANE)}
    pinned = {text_of(i): checksum_of(i) for i in reversed(items)}
    wrong = [l for l in list_gen(*common) if pinned.get(l.partition("\t")[0], l.partition("\t")[2]) != l.partition("\t")[2]]
    if got != want or wrong:
        print(path, kind, "not wanted:", sorted(got - want), "missing:", sorted(want - got), "checksums:", wrong)
    return got != want or bool(wrong)


done = differ = 0
for path in sorted(glob.glob(sys.argv[1] + "/v*/expected/**/downloads_*.json", recursive=True)):
    variant = os.path.dirname(path)
    cpu = "amd64" if variant.endswith("image-arch-only") else path[:-len(".json")].rpartition("_")[2]
    for kind in ("files", "images"):
        done += 1
        differ += compare(path, kind, cpu, flags_of(variant))
print("%d compared, %d differ" % (done, differ))
