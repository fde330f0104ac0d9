"""Judges workflows one by one."""
