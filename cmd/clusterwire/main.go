// Command clusterwire is the news wire of AI infrastructure: it collects what
// publishers write about AI clusters, reads it, and serves it as a searchable
// site and a JSON API.
//
// This is the hall of the house: the only package that knows every room. It
// turns flags into values, opens the rooms, and turns errors into exit codes.
// There is one file for each subcommand.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"clusterwire/feeds/news"
	"clusterwire/store"
)

// Exit codes, the same for every command.
const (
	exitOK      = 0
	exitError   = 1 // it could not be done
	exitUsage   = 2 // the command line or a setting can't be understood
	exitBadData = 3 // a file or database is not what it should be
	exitPartial = 4 // done in part; what failed was said
)

// gcPercent trades a little time for memory: on a small server, a sixth less
// memory is worth a twentieth more time.
const gcPercent = 70

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// cli is the command line, as kong reads it.
type cli struct {
	settings

	Serve    serveCmd    `cmd:"" help:"Collect without end and serve the site and the API."`
	Collect  collectCmd  `cmd:"" help:"Make one pass over the feeds that are due, for cron."`
	Demo     demoCmd     `cmd:"" help:"Run the whole product without a network, on publishers of its own."`
	Search   searchCmd   `cmd:"" help:"Search the archive."`
	Sources  sourcesCmd  `cmd:"" help:"List, add, remove and check publishers."`
	Inspect  inspectCmd  `cmd:"" help:"Show what each stage makes of one input."`
	Backfill backfillCmd `cmd:"" help:"Walk back through a publisher's archive."`
	Reread   rereadCmd   `cmd:"" help:"Read stored articles again with today's rules."`
	Verify   verifyCmd   `cmd:"" help:"Check every published claim against its article."`
	Clusters clustersCmd `cmd:"" help:"List the clusters that the archive knows, and confirm new ones."`
	Import   importCmd   `cmd:"" help:"Take in what others collected about clusters."`
	Dump     dumpCmd     `cmd:"" help:"Write the whole archive as NDJSON and Parquet files."`
	Eval     evalCmd     `cmd:"" help:"Measure how right the rules are, on labelled texts."`
	Backup   backupCmd   `cmd:"" help:"Copy the database while it is in use."`
	Restore  restoreCmd  `cmd:"" help:"Make a backup the database again."`
	Check    checkCmd    `cmd:"" help:"Read the whole database and say what is wrong with it."`
	Bench    benchCmd    `cmd:"" help:"Measure the store on a made-up archive of any size."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// env is what a command may use of the world around it.
type env struct {
	ctx    context.Context
	in     io.Reader
	out    io.Writer // data
	err    io.Writer // notes for a person
	common settings
}

// run is the whole program but for the process around it. It returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	var c cli
	helped := false
	file, err := readSettings(args)
	if err != nil {
		return report(errOut, err)
	}
	parser, err := newParser(&c, file, out, errOut, func(int) { helped = true })
	if err != nil {
		return report(errOut, err)
	}
	parsed, err := parser.Parse(args)
	switch {
	case helped:
		return exitOK
	case err != nil:
		return report(errOut, &usageError{fmt.Errorf("%w (see clusterwire --help)", err)})
	}
	err = parsed.Run(&env{ctx: ctx, in: in, out: out, err: errOut, common: c.settings})
	if path, known := c.settings.database(); known == nil {
		err = store.Explain(path, err)
	}
	return report(errOut, err)
}

// newParser builds the command line. helped is called after help was printed,
// where kong would end the process.
func newParser(c *cli, file kong.Resolver, out, errOut io.Writer, helped func(int)) (*kong.Kong, error) {
	return kong.New(c,
		kong.Name("clusterwire"),
		kong.Description("The news wire of AI infrastructure: who builds what, how large, and who says so.\n\n"+
			"Settings come from flags, then from CLUSTERWIRE_* variables, then from a TOML file."),
		kong.Writers(out, errOut),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Exit(helped),
		kong.Resolvers(file),
	)
}

// usageError is a mistake on the command line or in a setting.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// partialError says that a command did what it could.
type partialError struct{ what string }

func (e *partialError) Error() string { return e.what }

// badDataError says that a file is not what it should be.
type badDataError struct{ err error }

func (e *badDataError) Error() string { return e.err.Error() }
func (e *badDataError) Unwrap() error { return e.err }

// report prints an error as one line and returns the exit code that it means.
func report(w io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(w, "clusterwire: %v\n", err)
	var usage *usageError
	var input *news.BadInputError
	var partial *partialError
	var data *badDataError
	var open *store.OpenError
	switch {
	case errors.As(err, &usage), errors.As(err, &input):
		return exitUsage
	case errors.As(err, &partial):
		return exitPartial
	case errors.As(err, &data):
		return exitBadData
	case errors.As(err, &open):
		return exitBadData
	default:
		return exitError
	}
}
