"""Rules for specs, which report errors and questionable or unclear parts with line and column."""
