"""The scriptable commands: one module each, `run(arguments) -> exit code`."""
