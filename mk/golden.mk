# Pure steps by text files: input, command, expected output.
.PHONY: check-golden
check: check-golden
check-golden: $(BIN)
	tests/golden/run $(BUILD)
