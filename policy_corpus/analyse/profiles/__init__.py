"""What regions do: profiles, groups of like regions, peers."""
