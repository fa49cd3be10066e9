"""What the learner sees and types: the Textual app, the line mode, the command line."""
