"""Rules about the environment contract."""
