"""Advice: what a policy may say and has aged."""
