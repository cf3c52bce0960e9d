"""What decides: the default vision-language policy, the expert, baselines, and models from outside."""
