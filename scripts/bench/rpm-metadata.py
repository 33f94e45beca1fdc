#!/usr/bin/env python3
"""Metadata of an rpm repository as large as a distribution's, without packages: rpm-metadata.py COUNT DIR

Prints three package names whose closures are large."""
import gzip
import hashlib
import os
import random
import sys

KINDS = "lib perl python3 texlive kernel java golang rust node ruby php devel doc common tools data core server client".split()
COMMON = "http://linux.duke.edu/metadata/"
rnd = random.Random(1)


def requirement(i, names):
    """Earlier packages' libraries, and paths as scripts need them."""
    if i and rnd.random() < 0.3:
        return f"lib{names[rnd.randrange(max(1, i // 2))]}.so.1()(64bit)"
    return f"/usr/bin/sh{i % 50}" if rnd.random() < 0.3 else "base"


def package(i, names):
    name, version = names[i], f"{rnd.randrange(9)}.{rnd.randrange(20)}"
    pkgid = hashlib.sha256(name.encode()).hexdigest()
    provides = [name, f"{name}(x86-64)", f"lib{name}.so.1()(64bit)", f"lib{name}.so.1(V_{version})(64bit)"] + (["base"] if i == 0 else [])
    requires = sorted({requirement(i, names) for _ in range(rnd.randrange(3, 20))}) if i else []
    files = [f"/usr/bin/{name}"] + ([f"/usr/bin/sh{i}"] if i < 50 else [])
    entries = "".join(f'      <rpm:entry name="{p}" flags="EQ" epoch="0" ver="{version}" rel="1.el9"/>\n' for p in provides)
    needs = "".join(f'      <rpm:entry name="{r}"/>\n' for r in requires)
    listed = "".join(f"    <file>{f}</file>\n" for f in files)
    head = f'<package pkgid="{pkgid}" name="{name}" arch="x86_64">\n  <version epoch="0" ver="{version}" rel="1.el9"/>\n'
    primary = f"""<package type="rpm">
  <name>{name}</name>
  <arch>x86_64</arch>
  <version epoch="0" ver="{version}" rel="1.el9"/>
  <checksum type="sha256" pkgid="YES">{pkgid}</checksum>
  <summary>{name} of a generated repository</summary>
  <description>{'Some words that say what it is for. ' * 20}</description>
  <packager>Packager &lt;packager@example.org&gt;</packager>
  <url>https://example.org/{name}</url>
  <time file="1700000000" build="1700000000"/>
  <size package="{1000 + i}" installed="5000" archive="6000"/>
  <location href="Packages/{name}-{version}-1.el9.x86_64.rpm"/>
  <format>
    <rpm:license>GPLv2+</rpm:license>
    <rpm:vendor>Example</rpm:vendor>
    <rpm:group>Unspecified</rpm:group>
    <rpm:buildhost>build.example.org</rpm:buildhost>
    <rpm:sourcerpm>{name}-{version}-1.el9.src.rpm</rpm:sourcerpm>
    <rpm:header-range start="4504" end="20000"/>
    <rpm:provides>
{entries}    </rpm:provides>
    <rpm:requires>
{needs}    </rpm:requires>
{listed}  </format>
</package>
"""
    every = files + [f"/usr/share/{name}/some/folder/file-{k}" for k in range(rnd.randrange(5, 120))]
    log = '  <changelog author="A &lt;a@example.org&gt; - 1" date="1700000000">- something was done</changelog>\n'
    return primary, head + "".join(f"  <file>{f}</file>\n" for f in every) + "</package>\n", head + log * 10 + "</package>\n"


def main():
    count, root = int(sys.argv[1]), sys.argv[2]
    names = [f"{rnd.choice(KINDS)}-{rnd.choice(KINDS)}-{i}" for i in range(count)]
    packages = [package(i, names) for i in range(count)]
    repomd = f'<?xml version="1.0" encoding="UTF-8"?>\n<repomd xmlns="{COMMON}repo">\n  <revision>1</revision>\n'
    os.makedirs(f"{root}/repodata")
    for k, (kind, tag, space) in enumerate((("primary", "metadata", "common"), ("filelists", "filelists", "filelists"),
                                            ("other", "otherdata", "other"))):
        text = (f'<?xml version="1.0" encoding="UTF-8"?>\n<{tag} xmlns="{COMMON}{space}" xmlns:rpm="{COMMON}rpm" packages="{count}">\n'
                + "".join(p[k] for p in packages) + f"</{tag}>\n").encode()
        packed = gzip.compress(text, 6, mtime=0)
        with open(f"{root}/repodata/{kind}.xml.gz", "wb") as f:
            f.write(packed)
        repomd += (f'  <data type="{kind}"><checksum type="sha256">{hashlib.sha256(packed).hexdigest()}</checksum>'
                   f'<open-checksum type="sha256">{hashlib.sha256(text).hexdigest()}</open-checksum>'
                   f'<location href="repodata/{kind}.xml.gz"/><timestamp>1</timestamp><size>{len(packed)}</size>'
                   f"<open-size>{len(text)}</open-size></data>\n")
    with open(f"{root}/repodata/repomd.xml", "w", encoding="utf-8") as f:
        f.write(repomd + "</repomd>\n")
    print(names[count * 9 // 10], names[count // 4], names[count * 2 // 3])


main()
