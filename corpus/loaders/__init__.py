"""Documents in: every format as text with its places, or as rows. Parsers run in a child process."""
