"""MAP, multi-modal action planning: expert plans, and errors with feedback and correction."""
