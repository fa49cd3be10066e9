"""What can be asked: the question model, bundled decks, loaders, the library."""
