"""What the operating system must be helped with: missing libraries, memory."""
