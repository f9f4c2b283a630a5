package store_test

import (
	"reflect"
	"strings"
	"testing"

	"muster/models"
	"muster/store"
)

// An entry reads the same whichever way it was written: a hash of it must.
func TestFactsHaveOneForm(t *testing.T) {
	t.Parallel()
	rows, _ := store.RowTypes()
	for _, row := range rows {
		filled := reflect.New(reflect.TypeOf(row).Elem())
		fill(filled.Elem(), 3)
		for _, r := range []models.Recorded{row.(models.Recorded), filled.Interface().(models.Recorded)} {
			thing, _ := r.Thing()
			d := store.EntryData{Op: "save", Facts: r.Facts(), Words: map[string]string{"title": "ab", "bring": "cd"}}
			if err := store.OneForm(d); err != nil {
				t.Errorf("%s: %v", thing, err)
			}
			d.Words = nil
			if err := store.OneForm(d); err != nil {
				t.Errorf("%s: %v", thing, err)
			}
		}
	}
	if err := store.OneForm(store.EntryData{Op: "note"}); err != nil {
		t.Error(err)
	}
}

// fill gives every field a value that says something, <&> among the texts.
func fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("a<b>&\u2028" + strings.Repeat("中", max(depth, 0)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(1234567890123 % (1 << 31))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth-1)
	case reflect.Slice:
		if depth > 0 {
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fill(v.Index(0), depth-1)
			fill(v.Index(1), depth-1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), depth-1)
			}
		}
	}
}
