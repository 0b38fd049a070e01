"""Use cases: plain sequential functions over the ports of `core.ports`."""
