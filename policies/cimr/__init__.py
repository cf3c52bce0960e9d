"""The default policy: a small LLaVA with CIMR fusion."""
