#!/usr/bin/env python3
"""hostile.py CASE FILE: writes a tar file as no honest tool would. `hostile.py list` names the cases."""
import io
import sys
import tarfile


def add(tar, name, data=b"evil\n", kind=tarfile.REGTYPE, link="", mode=0o644, pax=None, size=None):
    m = tarfile.TarInfo(name)
    m.type, m.linkname, m.mode, m.mtime = kind, link, mode, 0
    m.size = len(data) if kind == tarfile.REGTYPE else 0
    if pax:
        m.pax_headers = pax
    tar.addfile(m, io.BytesIO(data) if m.size else None)


def symlink_then_file(t):
    add(t, "way", kind=tarfile.SYMTYPE, link="../outside")
    add(t, "way/file")


def symlink_absolute_then_file(t):
    add(t, "way", kind=tarfile.SYMTYPE, link="/")
    add(t, "way/OUTSIDE/file")


def symlink_chain(t):
    add(t, "a", kind=tarfile.SYMTYPE, link=".")
    add(t, "a/b", kind=tarfile.SYMTYPE, link="../..")
    add(t, "a/b/outside/file")


def symlink_replaced_by_folder(t):
    add(t, "way", kind=tarfile.SYMTYPE, link="../outside")
    add(t, "way", kind=tarfile.DIRTYPE, mode=0o777)
    add(t, "way/file")


def file_through_symlink(t):
    add(t, "file", kind=tarfile.SYMTYPE, link="../outside/secret")
    add(t, "file")


def dot_dot(t):
    add(t, "../outside/file")


def dot_dot_inside(t):
    add(t, "sub/../../outside/file")


def absolute(t):
    add(t, "/OUTSIDE/file")


def hardlink_out(t):
    add(t, "link", kind=tarfile.LNKTYPE, link="../outside/secret")


def hardlink_absolute(t):
    add(t, "link", kind=tarfile.LNKTYPE, link="/OUTSIDE/secret")


def hardlink_through_symlink(t):
    add(t, "way", kind=tarfile.SYMTYPE, link="../outside")
    add(t, "link", kind=tarfile.LNKTYPE, link="way/secret")


def hardlink_to_symlink_then_write(t):
    add(t, "s", kind=tarfile.SYMTYPE, link="../outside/secret")
    add(t, "h", kind=tarfile.LNKTYPE, link="s")
    add(t, "h")


def hardlink_to_itself(t):
    add(t, "link", kind=tarfile.LNKTYPE, link="link")


def hardlink_to_folder(t):
    add(t, "d", kind=tarfile.DIRTYPE)
    add(t, "link", kind=tarfile.LNKTYPE, link="d")


def hardlink_loop(t):
    add(t, "a", kind=tarfile.LNKTYPE, link="b")
    add(t, "b", kind=tarfile.LNKTYPE, link="a")


def whiteout_dot_dot(t):
    add(t, ".wh...", b"")


def whiteout_in_dot_dot(t):
    add(t, "../outside/.wh.secret", b"")


def file_then_below(t):
    add(t, "f")
    add(t, "f/below")


def folder_then_file(t):
    add(t, "d/f")
    add(t, "d")


def root_is_a_file(t):
    add(t, "./")
    add(t, ".", kind=tarfile.SYMTYPE, link="../outside")


def long_name(t):
    add(t, "n" * 300)


def deep_name(t):
    add(t, "/".join(["d" * 100] * 60) + "/f")


def pax_path_out(t):
    add(t, "innocent", pax={"path": "../outside/file"})


def pax_link_out(t):
    add(t, "innocent", kind=tarfile.LNKTYPE, link="x", pax={"linkpath": "../outside/secret"})


def pax_huge_size(t):
    add(t, "innocent", pax={"size": "99999999999999999"})


def sparse(tar, name, size, extents):
    numbers = [len(extents)] + [n for extent in extents for n in extent]
    add(tar, name, "".join(f"{n}\n" for n in numbers).encode().ljust(512, b"\0") + b"x", pax={
        "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": name, "GNU.sparse.realsize": str(size)})


def sparse_bomb(t):
    sparse(t, "bomb", 4000000000000000, [(0, 1)])


def sparse_bombs(t):
    for i in range(10):
        sparse(t, f"bomb{i}", 200000000000, [(0, 1)])


def sparse_map(t):
    sparse(t, "bomb", 8000000000000000000, [(0, 1), (4000000000000000000, 4000000000000000000)])


def device(t):
    m = tarfile.TarInfo("dev/mem")
    m.type, m.devmajor, m.devminor, m.mode = tarfile.CHRTYPE, 1, 1, 0o666
    t.addfile(m)
    add(t, "file")


def setuid(t):
    add(t, "su", mode=0o6755)


def twice(t):
    add(t, "f", b"first\n")
    add(t, "f", b"second\n")
    add(t, "./f", b"third\n")


def main():
    cases = {k: v for k, v in globals().items() if callable(v) and k not in ("add", "sparse", "main")}
    if sys.argv[1] == "list":
        print("\n".join(cases))
        return
    with tarfile.open(sys.argv[2], "w", format=tarfile.PAX_FORMAT) as t:
        cases[sys.argv[1]](t)


main()
