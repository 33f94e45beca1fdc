# The main job by its one command, and every module and the bundle by real docker buildx, for both CPUs, out of a clean clone.
CHECK_ALL += check-demo check-buildx
.PHONY: check-demo check-buildx
check-demo:
	OUT=$(BUILD)/demo scripts/demo/run
check-buildx: $(BIN)
	PATH="$(CURDIR)/$(BUILD)/bin:$$PATH" bats --tap tests/e2e/buildx.bats
