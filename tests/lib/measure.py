#!/usr/bin/env python3
"""measure.py LABEL COMMAND...: runs it and prints LABEL, wall seconds, CPU seconds and peak memory in MB, tab-separated."""
import resource
import subprocess
import sys
import time

begin = time.monotonic()
status = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL).returncode
wall = time.monotonic() - begin
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%s\t%.2f\t%.2f\t%.0f" % (sys.argv[1], wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024), flush=True)
sys.exit(status)
