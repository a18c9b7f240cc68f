"""The engine of Working Together: from YAML facts to a static site."""
