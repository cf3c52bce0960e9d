"""The task families: what each would have done in a room."""
