"""MMCR: dialogues over several turns and frames, to train on and to be tested by."""
