"""ansible-lists DIR CASES EVERY: list-gen beside Ansible's own engine, on real releases and overrides.

DIR holds releases (vRELEASE/vars, vRELEASE/expected/*.list.template); CASES has lines of flags, as a shell would take them,
tried on every release, or on every EVERYth, another one for each line. For each: the lists that the generator's templates give, and what the dictionary `downloads` enables, with
checksums. Prints what differs and last "same N, refused N, differ N"."""
import glob
import json
import os
import shlex
import subprocess
import sys
import warnings

warnings.simplefilter("ignore")

from ansible import context  # noqa: E402
from ansible.module_utils.common.collections import ImmutableDict  # noqa: E402
from ansible.parsing.dataloader import DataLoader  # noqa: E402
from ansible.template import Templar  # noqa: E402
from ansible.utils.vars import load_extra_vars  # noqa: E402

CPUS = {"amd64": "x86_64", "arm64": "aarch64"}
FACTS = {"system": "Linux", "os_family": "Debian", "distribution": "Debian", "distribution_version": "12.11",
         "distribution_major_version": "12", "distribution_release": "bookworm", "pkg_mgr": "apt",
         "default_ipv4": {"address": "192.0.2.1"}, "fqdn": "node1", "hostname": "node1"}
CONTROL_PLANE = tuple("/kube-%s:" % n for n in ("apiserver", "controller-manager", "scheduler", "proxy"))


def role_files(vars_dir, role, kind):
    for name in (role, role.replace("_", "-")):
        base = os.path.join(vars_dir, "roles", name, kind, "main")
        for end in (".yml", ".yaml"):
            if os.path.exists(base + end):
                return [base + end]
        if os.path.isdir(base):
            return sorted(glob.glob(base + "/*.yml"))
    return []


def files_of(loader, vars_dir):
    return {kind: [loader.load_from_file(path) or {} for role in ("kubespray_defaults", "download")
                   for path in role_files(vars_dir, role, kind)] for kind in ("defaults", "vars")}


def variables_of(files, cpu):
    facts = dict(FACTS, architecture=CPUS[cpu])
    found = {}
    for values in files["defaults"]:
        found.update(values)
    found.update({"ansible_" + k: v for k, v in facts.items()}, ansible_facts=facts)
    for values in files["vars"]:
        found.update(values)
    node = ["node1"]
    found["groups"] = {g: node for g in ("etcd", "k8s_cluster", "kube_control_plane", "kube_node", "all")}
    found["group_names"] = ["etcd", "k8s_cluster", "kube_control_plane", "kube_node"]
    found["inventory_hostname"] = "node1"
    found["omit"] = "__omit_place_holder__"
    return found


def rendered(loader, base, flags, templates):
    context.CLIARGS = ImmutableDict(extra_vars=tuple(flags[1::2]))
    if hasattr(load_extra_vars, "extra_vars"):
        del load_extra_vars.extra_vars
    found = dict(base, **load_extra_vars(loader))
    found["hostvars"] = {"node1": found}
    out = {}
    for kind, text in templates.items():
        try:
            templar = Templar(loader=loader, variables=found)
            out[kind] = templar.do_template(text, preserve_trailing_newlines=True, escape_backslashes=False)
        except Exception as e:
            out[kind] = e
    try:
        templar = Templar(loader=loader, variables=found)
        out["downloads"] = dict(json.loads(json.dumps(templar.template("{{ downloads }}"), default=str)))
    except Exception as e:
        out["downloads"] = e
    return out


def list_gen(*args):
    p = subprocess.run(["list-gen", *args], capture_output=True, text=True)
    return p.stdout if p.returncode == 0 else RuntimeError(p.stderr.strip())


def checksum_of(item):
    text = str(item.get("checksum", item.get("sha256")) or "")
    if text.rpartition(":")[2] in ("", "0"):
        return ""
    return text if ":" in text else ("sha512:" if len(text) == 128 else "sha256:") + text


def text_of(item):
    return "%s:%s" % (item["repo"], item["tag"]) if item.get("container") else item["url"]


def enabled_lines(downloads, kind):
    items = [i for i in downloads.values() if bool(i.get("container")) == (kind == "images")]
    return {"\t".join(filter(None, (text_of(i), checksum_of(i)))) for i in items if i["enabled"]}


def verdict(ours, theirs):
    if isinstance(ours, Exception) or isinstance(theirs, Exception):
        return "refused" if isinstance(ours, Exception) and isinstance(theirs, Exception) else "differ"
    return "same" if ours == theirs else "differ"


def show(where, ours, theirs):
    print(where)
    if isinstance(ours, Exception) or isinstance(theirs, Exception):
        print("  ours  ", str(ours)[:300].replace("\n", "\\n"))
        print("  theirs", str(theirs)[-300:].replace("\n", "\\n"))
        return
    a, b = (x if isinstance(x, set) else set(x.split("\n")) for x in (ours, theirs))
    for line in sorted(a - b)[:8]:
        print("  only ours  ", line)
    for line in sorted(b - a)[:8]:
        print("  only theirs", line)
    if a == b:
        print("  another order")


def compare(count, where, vars_dir, cpu, flags, theirs):
    common = ["--kubespray", vars_dir, "--arch", cpu, *flags]
    for kind in ("files", "images"):
        ours = list_gen(kind, *common)
        pairs = [(kind, ours, theirs[kind])]
        ours = list_gen(kind, *common, "--enabled", "--checksums")
        if not isinstance(ours, Exception):
            ours = {l for l in ours.splitlines() if not any(n in l for n in CONTROL_PLANE)}
        d = theirs["downloads"]
        pairs.append((kind + " --enabled", ours, d if isinstance(d, Exception) else enabled_lines(d, kind)))
        for name, a, b in pairs:
            v = verdict(a, b)
            count[v] += 1
            if v == "differ":
                show("%s %s %s: %s" % (where, cpu, name, shlex.join(flags)), a, b)


def main():
    cases = []
    for line in open(sys.argv[2]):
        words = shlex.split(line, comments=True)
        if words:
            cases.append(words)
    count = {"same": 0, "refused": 0, "differ": 0}
    loader = DataLoader()
    every = int(sys.argv[3])
    for place, folder in enumerate(sorted(glob.glob(os.path.join(sys.argv[1], "v*")))):
        release = os.path.basename(folder)
        templates = {k: open("%s/expected/%s.list.template" % (folder, k)).read() for k in ("files", "images")}
        files = files_of(loader, folder + "/vars")
        bases = {cpu: variables_of(files, cpu) for cpu in CPUS}
        for n, flags in enumerate(cases):
            cpu = ("amd64", "arm64")[(n + place) % 2]
            if (n + place) % every == 0:
                theirs = rendered(loader, bases[cpu], flags, templates)
                compare(count, release, folder + "/vars", cpu, flags, theirs)
    print("same %(same)d, refused %(refused)d, differ %(differ)d" % count)


main()
