"""What the sandbox Canvas holds, as plain mutable records that are saved as JSON."""
