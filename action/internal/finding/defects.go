package finding

// Defects is the error of what cannot be used because of what was found in it.
type Defects struct {
	Findings []Finding
	Why      string // and what follows
}

// Error is what follows from the findings; they themselves are for whoever prints it.
func (d *Defects) Error() string { return d.Why }
