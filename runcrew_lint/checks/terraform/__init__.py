"""Rules on Terraform."""
