package store

// boardSchema is what lets a call be taken up without reading it anew: a mark a
// call that is another one after every change of the call, its shifts, roles
// and sign-ups, whoever makes it. The marks are random, so that two changes of
// which one was rolled back never bear the same.
func boardSchema(d dialect) []string {
	all := []string{
		`CREATE TABLE call_boards (call_id ` + d.bigint() + ` PRIMARY KEY, stamp ` + d.must(d.bigint()) + `)`,
	}
	if d.postgres() {
		all = append(all, `CREATE FUNCTION stamp_board() RETURNS trigger LANGUAGE plpgsql AS $$
			DECLARE id bigint;
			BEGIN
				IF TG_TABLE_NAME = 'calls' THEN
					id := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
				ELSE
					id := CASE WHEN TG_OP = 'DELETE' THEN OLD.call_id ELSE NEW.call_id END;
				END IF;
				INSERT INTO call_boards (call_id, stamp) VALUES (id, (random() * 9007199254740991)::bigint)
					ON CONFLICT (call_id) DO UPDATE SET stamp = excluded.stamp;
				RETURN NULL;
			END $$`)
	}
	for _, table := range []string{"calls", "call_shifts", "call_roles", "signups"} {
		id := "call_id"
		if table == "calls" {
			id = "id"
		}
		if d.postgres() {
			all = append(all, `CREATE TRIGGER `+table+`_stamp AFTER INSERT OR UPDATE OR DELETE ON `+table+`
				FOR EACH ROW EXECUTE FUNCTION stamp_board()`)
			continue
		}
		for _, op := range []struct{ name, row string }{{"INSERT", "NEW"}, {"UPDATE", "NEW"}, {"DELETE", "OLD"}} {
			all = append(all, `CREATE TRIGGER `+table+`_stamp_`+op.name+` AFTER `+op.name+` ON `+table+` BEGIN
				INSERT INTO call_boards (call_id, stamp) VALUES (`+op.row+`.`+id+`, random())
					ON CONFLICT (call_id) DO UPDATE SET stamp = excluded.stamp;
				END`)
		}
	}
	return all
}
