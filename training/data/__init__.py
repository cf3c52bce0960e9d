"""Training data: frames with labels, demonstrations, dialogues."""
