"""The task families, one a file; ``envs.tasks.registry`` lists them."""
