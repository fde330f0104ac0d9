"""GitHub Actions workflows: triggers, jobs, steps, expressions."""
