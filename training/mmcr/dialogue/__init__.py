"""What a dialogue is: domains, records, format."""
