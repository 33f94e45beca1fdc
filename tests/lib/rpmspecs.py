#!/usr/bin/env python3
"""Spec files out of a list of packages, as few as will do: one spec holds many packages of one CPU, each name once.

    rpmspecs.py DIR <packages

    app 1:2.0-3 x86_64 aarch64      # NAME [EPOCH:]VERSION-RELEASE [CPU...], noarch when none is given
      Requires: liba >= 1.0         # any tag of a spec file
      File: /usr/bin/app            # an empty file in it; %dir, %ghost and the like before the path

Prints "CPU SPEC" for each spec file written into DIR.
"""
import re
import sys


class Package:
    def __init__(self, line):
        self.name, evr, *arches = line.split()
        epoch, _, rest = evr.rpartition(":")
        self.version, self.release = rest.rsplit("-", 1)
        self.tags = [f"Epoch: {epoch}"] if epoch else []
        self.files = []
        self.arches = arches or ["noarch"]

    def add(self, line):
        if line.startswith("File:"):
            self.files.append(line[len("File:"):].strip())
        else:
            self.tags.append(line)

    def section(self):
        lines = [f"%package -n {self.name}", f"Version: {self.version}", f"Release: {self.release}",
                 *self.tags]
        if not any(t.startswith("Summary:") for t in self.tags):
            lines.append(f"Summary: {self.name} of the test repository")
        lines += ["AutoReqProv: no", f"%description -n {self.name}", f"{self.name} & co <test>",
                  f"%files -n {self.name}", *self.files]
        return "\n".join(lines) + "\n"


def read(stream):
    packages = []
    for line in stream:
        line = re.sub(r"(^|\s)#\s.*", "", line.rstrip())
        if not line.strip():
            continue
        if line[0].isspace():
            packages[-1].add(line.strip())
        else:
            packages.append(Package(line))
    return packages


def share_out(packages):
    """(CPU, packages) with each name at most once in each."""
    specs = []
    for p in packages:
        for arch in p.arches:
            for spec_arch, names in specs:
                if spec_arch == arch and p.name not in names:
                    names[p.name] = p
                    break
            else:
                specs.append((arch, {p.name: p}))
    return specs


def install(packages):
    """Shell lines that make the files; words before the path are rpm's."""
    lines = []
    for f in (f for p in packages for f in p.files if not f.startswith("%ghost")):
        lines.append(f"install {'-d' if f.startswith('%dir') else '-D /dev/null'} %{{buildroot}}{f.split()[-1]}")
    return "\n".join(lines)


def main():
    for i, (arch, packages) in enumerate(share_out(read(sys.stdin))):
        path = f"{sys.argv[1]}/{i}-{arch}.spec"
        with open(path, "w", encoding="utf-8") as f:
            f.write("Name: none\nVersion: 1\nRelease: 1\nSummary: none\nLicense: MIT\n")
            if arch == "noarch":
                f.write("BuildArch: noarch\n")
            f.write("%description\nnone\n")
            f.write("".join(p.section() for p in packages.values()))
            f.write(f"%install\n{install(packages.values())}\n")
            f.write("%changelog\n* Thu Jan 02 2020 test <test@test> - 1-1\n- first & <last>\n")
        print(arch, path)


main()
