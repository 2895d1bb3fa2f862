// Command liaison keeps a support desk that lives in a Git repository.
package main

import (
	"context"
	"os"
	"os/signal"

	"github.com/commrel/liaison/action/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	code := app.FromOS().Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
