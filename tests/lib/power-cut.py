#!/usr/bin/env python3
"""What a power cut does to a mounted ext4: from now on nothing of it reaches the disk, its journal's end included.

    power-cut.py FOLDER
"""
import fcntl
import os
import struct
import sys

EXT4_IOC_SHUTDOWN = 0x8004587D
NOLOGFLUSH = 2

fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), EXT4_IOC_SHUTDOWN, struct.pack("I", NOLOGFLUSH))
