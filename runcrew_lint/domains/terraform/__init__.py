"""What Terraform files declare: resources, the modules they make, and what refers to what."""
