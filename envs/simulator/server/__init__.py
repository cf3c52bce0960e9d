"""The ways in: in this process, over named pipes, over HTTP, under every Controller()."""
