#!/usr/bin/env python3
"""A list of packages for rpmspecs.py with random dependencies of every kind: rpmrandom.py COUNT SEED"""
import random
import sys

count, seed = int(sys.argv[1]), int(sys.argv[2])
rnd = random.Random(seed)
ARCHED = "x86_64 aarch64"


def name():
    return f"p{rnd.randrange(count)}"


def capability():
    virt = f"virt({rnd.randrange(count // 12)})"
    return rnd.choice([virt, f"{virt} >= {rnd.choice([1, 1, 1, 2, 3])}"])


def path():
    """Some stand in primary, some only in filelists."""
    n = rnd.randrange(0, count, 9)
    return rnd.choice([f"/usr/bin/p{n}", f"/usr/share/p{n}/data"])


def simple():
    roll = rnd.random()
    if roll < 0.55:
        return name()
    if roll < 0.75:
        return f"{name()} >= {rnd.choice([1] * 9 + [2])}"
    if roll < 0.9:
        return capability()
    return path()


def plain():
    return f"p{rnd.randrange(count)}"


def rich():
    return rnd.choice([
        lambda: f"({plain()} if {plain()})",
        lambda: f"({plain()} if {plain()} else {plain()})",
        lambda: f"({plain()} or {plain()})",
        lambda: f"({plain()} and {plain()})",
        lambda: f"(virt({rnd.randrange(count // 12)}) with virt({rnd.randrange(count // 12)}))",
        lambda: f"(virt({rnd.randrange(count // 12)}) without {plain()})",
        lambda: f"({plain()} >= 1 or (virt(1) and {plain()}))",
    ])()


def package(i, version):
    epoch = "1:" if i % 17 == 0 else ""
    arches = rnd.choice(["", ARCHED, ARCHED, ARCHED + " i686"])
    print(f"p{i} {epoch}{version}-{rnd.randint(1, 3)} {arches}")
    for _ in range(rnd.choice([0, 0, 1, 1, 2, 3])):
        print("  Requires:", simple())
    if rnd.random() < 0.12:
        print("  Requires:", rich())
    for _ in range(rnd.choice([0, 0, 1])):
        print(f"  Provides: virt({rnd.randrange(count // 12)}) = {rnd.randint(1, 3)}")
    if rnd.random() < 0.05:
        print("  Conflicts:", rnd.choice([plain(), f"{plain()} < 2", f"({plain()} unless {plain()})"]))
    if rnd.random() < 0.04:
        print(f"  Obsoletes: p{rnd.randrange(count)} < {rnd.randint(1, 2)}")
    if rnd.random() < 0.1:
        print(f"  {rnd.choice(['Recommends', 'Suggests', 'Supplements', 'Enhances'])}:", rnd.choice([plain, plain, path])())
    if rnd.random() < 0.01:
        print("  Requires: nowhere >= 2")
    if i % 9 == 0:
        print(f"  File: /usr/bin/p{i}\n  File: /usr/share/p{i}/data")


for i in range(count):
    versions = [rnd.randint(1, 2)]
    if i % 6 == 0:
        versions.append(versions[0] + 1)
    for v in (f"{v}{rnd.choice(['', '', '', '~rc1', '^git2'])}" for v in versions):
        package(i, v)
