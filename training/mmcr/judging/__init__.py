"""Who answers, and how well."""
