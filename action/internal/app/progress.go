package app

import (
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// manySteps is where work begins to take long enough to show progress.
const manySteps = 2000

// progress shows a bar on a terminal, and nothing in a pipe.
func (a *App) progress(what string) func(done, total int) {
	f, ok := a.Stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, total int) {
		if total < manySteps {
			return
		}
		if bar == nil {
			bar = progressbar.NewOptions(total, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(f), progressbar.OptionClearOnFinish())
		}
		_ = bar.Set(done)
	}
}
