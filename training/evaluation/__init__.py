"""Evaluation: from a suite's plan to verdicts, results, report."""
