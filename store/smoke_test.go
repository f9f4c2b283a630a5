package store_test

import (
	"errors"
	"reflect"
	"regexp"
	"testing"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// badSQL is what the databases say when a statement itself is wrong (unknown
// names, syntax, types), as opposed to what it meets in the data.
var badSQL = regexp.MustCompile(`SQLSTATE (42|22|0A)|no such (table|column|function)|syntax error|ambiguous|unable to encode|unsupported Scan`)

// Every query of every feature is understood by both databases: each method is
// called once with plain values on a filled database, and only what the data
// says may go wrong.
func TestEveryQueryIsUnderstood(t *testing.T) {
	t.Parallel()
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		o := &org{t: t, s: older(t, dsn), tenant: models.Tenant{ID: 1}}
		if err := o.s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		failed := errors.New("undo")
		kind := reflect.TypeOf(&store.Tx{})
		for i := range kind.NumMethod() {
			method := kind.Method(i)
			if method.Name == "Savepoint" || method.Name == "Exec" {
				continue
			}
			err := o.s.InTx(background(), func(tx *store.Tx) error {
				args := []reflect.Value{reflect.ValueOf(tx)}
				for j := 1; j < method.Type.NumIn(); j++ {
					in := method.Type.In(j)
					if method.Type.IsVariadic() && j == method.Type.NumIn()-1 {
						in = in.Elem()
					}
					args = append(args, plain(o, in))
				}
				for _, out := range method.Func.Call(args) {
					if err, is := out.Interface().(error); is && badSQL.MatchString(err.Error()) {
						o.t.Errorf("%s: %v", method.Name, err)
					}
				}
				return failed
			})
			if !errors.Is(err, failed) {
				o.t.Errorf("%s: %v", method.Name, err)
			}
		}
	})
}

// plain is a value a caller might give.
func plain(o *org, of reflect.Type) reflect.Value {
	v := reflect.New(of).Elem()
	switch of.Kind() {
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(1)
	case reflect.String:
		v.SetString("x")
	case reflect.Float64:
		v.SetFloat(1)
	case reflect.Slice:
		v.Set(reflect.Append(v, plain(o, of.Elem())))
	case reflect.Pointer:
		p := reflect.New(of.Elem())
		p.Elem().Set(plain(o, of.Elem()))
		return p
	case reflect.Struct:
		for i := range of.NumField() {
			if f := of.Field(i); f.IsExported() && f.Type.Kind() != reflect.Slice && f.Type.Kind() != reflect.Pointer {
				v.Field(i).Set(plain(o, f.Type))
			}
		}
	case reflect.Interface:
		if recorded := reflect.ValueOf(&models.Unit{ID: 1, TenantID: o.tenant.ID, Name: "x"}); recorded.Type().Implements(of) {
			v.Set(recorded)
		}
	}
	return v
}
