"""Simulated devices for training, tests and benches; faults scriptable."""
