"""How each rule judges: checks/<family>/<rule>.py, one `check` function a module."""
