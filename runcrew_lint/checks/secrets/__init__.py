"""Rules about secret values in files."""
