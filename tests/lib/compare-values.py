"""compare-values TEMPLATES OURS THEIRS: JSON lines of two engines; prints what differs and a summary."""
import json
import sys


def load(path):
    return {row["name"]: row for row in map(json.loads, open(path))}


templates = dict(line.rstrip("\n").partition(": ")[::2] for line in open(sys.argv[1]))
ours, theirs = load(sys.argv[2]), load(sys.argv[3])
same = refused = differ = 0
for name, b in theirs.items():
    a = ours[name]
    if "error" in a and "error" in b:
        refused += 1
    elif "error" not in a and "error" not in b and json.dumps(a["value"]) == json.dumps(b["value"]):
        same += 1
    else:
        differ += 1
        print("%s: %s\n  ours   %s\n  theirs %s" % (name, templates[name], json.dumps(a), json.dumps(b)))
print("same %d, refused %d, differ %d" % (same, refused, differ))
