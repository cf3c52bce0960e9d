"""Tasks of published suites, read from their publishers' own files."""
