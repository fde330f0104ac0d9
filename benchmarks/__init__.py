"""Measurements, never tests: whole processes on pinned inputs, beside the real peers, in one run."""
