package models

import "fmt"

// MessageSummaryPicture is the picture of a summary; SubjectID posting. In the
// summary's thread, or to the person who asked for it.
const MessageSummaryPicture MessageKind = "summary_picture"

// MessageSummaryPaper is a year to print, for the person who asked; SubjectID
// posting.
const MessageSummaryPaper MessageKind = "summary_paper"

// PictureKey is the message that carries a posting's picture into its thread.
func PictureKey(postingID int64) string { return fmt.Sprintf("picture:%d:", postingID) }
