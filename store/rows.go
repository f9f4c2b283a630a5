package store

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// found is the first row of q, or ErrNotFound naming what was sought.
func found[T any](what string, q *gorm.DB) (T, error) {
	row, err := one[T](q)
	if err != nil {
		return row, fmt.Errorf("%s: %w", what, err)
	}
	return row, nil
}

// insert writes a new row and sets its id.
func (tx *Tx) insert(row any) error {
	if err := tx.clean(row); err != nil {
		return err
	}
	_, err := tx.create(row, "")
	return err
}

// update writes every column of an existing row.
func (tx *Tx) update(row any) error {
	if err := tx.clean(row); err != nil {
		return err
	}
	return tx.rewrite(row)
}

// clean makes a row's texts storable in both databases: PostgreSQL takes
// neither NUL nor broken UTF-8, which people can send.
func (tx *Tx) clean(row any) error {
	v := reflect.ValueOf(row)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return errors.New("a row is written through a pointer to it")
	}
	cleanStrings(v.Elem())
	return nil
}

func cleanStrings(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); v.CanSet() && s != clean(s) {
			v.SetString(clean(s))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			cleanStrings(v.Field(i))
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.String || v.Type().Elem().Kind() == reflect.Struct {
			for i := range v.Len() {
				cleanStrings(v.Index(i))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			cleanStrings(v.Elem())
		}
	}
}

// clean is s without NUL bytes, broken UTF-8 replaced.
func clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// after is the first key that comes after every key with this prefix, in
// byte order.
func after(prefix string) string { return prefix + "\U0010FFFF" }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
