"""What trained parts are scored and calibrated by, and how that is told."""
