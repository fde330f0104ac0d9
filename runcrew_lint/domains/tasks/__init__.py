"""Task definitions of ECS, in files of JSON and in Terraform: one shape for both."""
