"""Knowledge reaches people: listing, display, export, reports."""
