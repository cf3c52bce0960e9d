"""What everything else stands on: geometry, errors, object types, cameras, agents, settings."""
