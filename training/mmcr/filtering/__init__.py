"""Which dialogues say what is not so."""
