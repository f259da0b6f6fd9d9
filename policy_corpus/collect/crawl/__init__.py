"""Collecting from the web: sources in a table, adapters that read their pages, a spider with manners."""
