package models

import (
	"errors"
	"fmt"
)

// Code is what a program can tell apart about a refusal.
type Code string

const (
	CodeInvalid   Code = "invalid"   // the request cannot be meant as written
	CodeForbidden Code = "forbidden" // the person may not do this
	CodeNotFound  Code = "not_found" // no such thing in this tenant
	CodeConflict  Code = "conflict"  // the world moved on: full, closed, already done
	CodeRepeat    Code = "repeat"    // this delivery was acted on before
	CodeEarly     Code = "early"     // it came before what it is about was settled: to be delivered again
	CodeInternal  Code = "internal"  // our fault; the person gets a number
)

// Error speaks to three audiences: Code to programs, Key with Args to the
// person (words are found in package views), Cause to the operator.
type Error struct {
	Code  Code
	Key   string         // catalogue key, for example "error.not_organizer"
	Args  map[string]any // values named in the catalogue's sentence
	Field string         // modal block_id at fault, when there is one
	Cause error
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s %s: %v", e.Code, e.Key, e.Cause)
	}
	return fmt.Sprintf("%s %s", e.Code, e.Key)
}

func (e *Error) Unwrap() error { return e.Cause }

// Refuse builds an Error from key and alternating names and values.
func Refuse(code Code, key string, pairs ...any) *Error {
	args := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return &Error{Code: code, Key: key, Args: args}
}

// ErrRepeat is returned when a delivery was acted on before: the caller
// acknowledges and says nothing.
var ErrRepeat = &Error{Code: CodeRepeat, Key: "error.repeat"}

// ErrEarly is returned when somebody answered a message whose post is not
// settled yet, so that what it is about cannot be known: nothing is said and
// nothing acknowledged, and Slack delivers it again.
var ErrEarly = &Error{Code: CodeEarly, Key: "error.early"}

// CodeOf is the code of the first Error in err's chain, CodeInternal for any
// other error, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
