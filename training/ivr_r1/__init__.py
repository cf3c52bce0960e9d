"""IVR-R1: reinforcement learning that repairs flawed episodes and learns from the repair."""
