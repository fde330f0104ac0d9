"""What the running system promises: errors are reported, health is told, logs say what happened."""
