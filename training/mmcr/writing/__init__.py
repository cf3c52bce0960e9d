"""Questions and answers, by grammar or by a model."""
