# Beside `make check`: what takes minutes. Each of these can be run alone; other mk/*.mk add theirs to CHECK_ALL.
CHECK_ALL += lint check-asan check-tsan check-valgrind fuzz check-e2e
check-all: all
	@for target in $(CHECK_ALL); do $(MAKE) -s $$target || exit 1; done
.PHONY: check-asan check-tsan check-valgrind fuzz check-e2e bench print-flags print-libs
check-asan check-tsan check-valgrind: check-%:
	scripts/check-memory $*
fuzz:
	scripts/fuzz
check-e2e: $(BIN)
	scripts/check-e2e $(BUILD)
bench: $(BIN)
	scripts/bench/all $(BUILD)
print-flags:
	@echo -std=gnu11 $(CPPFLAGS_ALL) | tr -d "'"
print-libs:
	@echo $(LDLIBS)
# Its parts, for CI to time and count one by one.
.PHONY: print-check-all
print-check-all:
	@echo $(CHECK_ALL)
