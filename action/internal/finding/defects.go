package finding

// Defects is the error of a definition, or of a witness branch, that cannot be used: the
// findings say why.
type Defects struct {
	Findings []Finding
	Why      string // and what follows
}

// Error is what follows from the findings; they themselves are for whoever prints it.
func (d *Defects) Error() string { return d.Why }
