"""What an episode leaves on disk, and how it is read back."""
