"""Judges eas.json: resolved profiles against the policy."""
