"""What people watch and read of an episode: terminal, video, report page."""
