"""Any chat model as a policy: Hugging Face LVLMs and OpenAI-compatible servers."""
