# What tests/e2e/ansible-diff.bats runs beside Ansible's own engine.
$(BUILD)/template-eval: $(BUILD)/tests/lib/template-eval.o $(LIB)
	$(if $(V),,@echo '  LD  $@')
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(LDLIBS)
check-cli check-e2e: $(BUILD)/template-eval

# The lists of kubespray releases: make lists KUBESPRAY="DIR…", oldest release first.
KUBESPRAY = $(wildcard $(foreach v,v2.26.1 v2.28.1 v2.31.0,../shared/kubespray/$(v)/vars))
.PHONY: lists check-lists
lists: $(BUILD)/bin/list-gen
	PATH="$(CURDIR)/$(BUILD)/bin:$$PATH" scripts/lists $(KUBESPRAY)
check-lists: $(BUILD)/bin/list-gen
	PATH="$(CURDIR)/$(BUILD)/bin:$$PATH" scripts/lists --check $(KUBESPRAY)
