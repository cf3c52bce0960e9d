"""Tasks in other words: templates, people's goals, a grammar of our own."""
