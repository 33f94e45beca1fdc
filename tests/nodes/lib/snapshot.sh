#!/bin/bash
# Prints what install.sh remove must leave as it was; runs on the node. Logs, caches and the package manager's history are left out.
export LC_ALL=C
echo "== packages"; dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version}\n' | sort
echo "== units"; systemctl list-unit-files --no-legend --no-pager | awk '$2 != "transient" { print $1, $2 }' | sort
# What runs once after the first boot is not there after the second.
echo "== running"; systemctl list-units --no-legend --no-pager --plain --type=service,timer,socket --state=running,listening,waiting | awk '{ print $1 }' | grep -v '^user@\|session-\|run-user\|user-runtime' | sort
echo "== etc"; cd /etc && find . ! -path './ld.so.cache' ! -name 'passwd-' ! -name 'group-' ! -name 'shadow-' ! -name 'gshadow-' \
	! -name 'subuid-' ! -name 'subgid-' -printf '%p %y %m %U %G %l\n' | sort
find . -type f ! -path './ld.so.cache' ! -name '*-' -exec sha256sum {} + | sort -k2
echo "== listening"; awk 'FNR > 1 && $4 == "0A" { print $2 }' /proc/net/tcp /proc/net/tcp6 | sort
echo "== users"; cut -d: -f1,3 /etc/passwd /etc/group
echo "== var"; ls /var /var/lib /usr/local/share /srv
echo "== firewall"; iptables-save 2>/dev/null | grep -v '^#' | sed 's/\[[0-9:]*\]$//'
! command -v firewall-cmd >/dev/null || firewall-cmd --list-all
! command -v ufw >/dev/null || ufw status
true
