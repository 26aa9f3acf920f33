## columns
