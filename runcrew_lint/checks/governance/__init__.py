"""What protects a branch, and what has to be there."""
