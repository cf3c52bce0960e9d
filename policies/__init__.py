"""What decides: the default vision-language policy, the expert, baselines, outside models."""
