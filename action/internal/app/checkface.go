package app

import (
	"encoding/json"
	"fmt"
)

func (a *App) printCheck(r checked, format string) error {
	if format == "json" {
		enc := json.NewEncoder(a.Stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	ink := a.ink()
	for _, f := range r.Findings {
		fmt.Fprintln(a.Stdout, ink.finding(f))
		if f.Fix != "" {
			fmt.Fprintf(a.Stdout, "    mend: %s\n", f.Fix)
		}
	}
	_, err := fmt.Fprintf(a.Stdout, "%s checked: %s, %s\n", plural(r.Records, "record"), plural(r.Errors, "error"), plural(r.Warnings, "warning"))
	return err
}
