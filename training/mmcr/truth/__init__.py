"""What was so when the frames of a dialogue were taken."""
