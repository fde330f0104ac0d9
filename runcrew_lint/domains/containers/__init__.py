"""What Dockerfiles, .dockerignore files and compose files mean."""
