"""Judges the running system: error tracking, health, logging, what reaches a device."""
