# Booted nodes: the installer from a package to a cluster and back (tests/nodes/).
CHECK_ALL += check-nodes
.PHONY: check-nodes
check-nodes: $(BIN)
	scripts/check-nodes
