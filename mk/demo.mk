.PHONY: demo
demo:
	scripts/demo/run
