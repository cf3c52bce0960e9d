"""The room as it is now: objects, containment, collision, states, snapshots."""
