"""What `runcrew-lint init` writes: a policy of what is found, a hook and a workflow."""
