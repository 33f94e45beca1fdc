#!/usr/bin/env python3
"""What dnf itself would install into an empty system: one answer a line for the request sets on stdin.

    dnf-closure.py --arch ARCH --root DIR [--weak] ID=URL... <requests

A request is what stands behind `dnf install`. The answer: "ok NAME EVR NAME EVR ...", sorted, or "fail REASON".
"""
import argparse
import sys

import dnf
import dnf.rpm


def base_of(args):
    base = dnf.Base()
    conf = base.conf
    conf.installroot = args.root
    conf.cachedir = args.root + "/cache"
    conf.persistdir = args.root + "/state"
    conf.logdir = args.root
    conf.reposdir = ["/nonexistent"]
    conf.pluginpath = []
    conf.substitutions["arch"] = args.arch
    conf.substitutions["basearch"] = dnf.rpm.basearch(args.arch)
    conf.substitutions["releasever"] = "9"
    conf.ignorearch = True
    conf.gpgcheck = False
    conf.module_platform_id = "platform:el9"
    conf.install_weak_deps = args.weak
    for repo in args.repos:
        name, _, url = repo.partition("=")
        base.repos.add_new_repo(name, conf, baseurl=[url])
    base.fill_sack(load_system_repo=False)
    base.read_comps(arch_filter=True)
    return base


def evr(package):
    return f"{package.epoch}:{package.v}-{package.r}" if package.epoch else f"{package.v}-{package.r}"


def answer(base, request):
    base.reset(goal=True)
    try:
        base.install_specs([r for r in request.split("|") if r] if "|" in request else request.split(), strict=True)
        base.resolve()
    except dnf.exceptions.Error as e:
        return "fail " + " ".join(str(e).split())
    return "ok " + " ".join(sorted(f"{p.name} {evr(p)}" for p in base.transaction.install_set))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--arch", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--weak", action="store_true")
    parser.add_argument("repos", nargs="+")
    base = base_of(parser.parse_args())
    for line in sys.stdin:
        print(answer(base, line.strip()), flush=True)


main()
