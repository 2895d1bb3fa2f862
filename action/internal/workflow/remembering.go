package workflow

// Remembering is the definition with what past ones promised: their targets beside its own,
// and the roles that only they have, so that who responded can be told for clocks that
// started under them. Newer ones come first.
func (d *Definition) Remembering(past []*Definition) *Definition {
	if len(past) == 0 {
		return d
	}
	out := *d
	out.Targets = append([]*Target(nil), d.Targets...)
	out.roles = map[string]*Role{}
	for _, def := range append([]*Definition{d}, past...) {
		if def != d {
			out.Targets = append(out.Targets, def.Targets...)
		}
		for name, role := range def.roles {
			if out.roles[name] == nil {
				out.roles[name] = role
			}
		}
	}
	return &out
}
