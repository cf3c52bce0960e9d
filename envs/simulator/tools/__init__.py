"""Commands that measure, check, draw and build the simulator; nothing else imports them."""
