"""What was true of every step of an episode, and what a lost one is put down to."""
