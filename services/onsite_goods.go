package services

import (
	"fmt"
	"strings"

	"muster/models"
)

// goods writes what was handed out: an item written again is another number of
// it, 0 takes it off.
func (r roll) goods(page RollPage) error {
	if len(page.Goods) == 0 && page.AllGoods == 0 {
		return nil
	}
	have, err := r.tx.GoodsOf(r.Call.ID)
	if err != nil {
		return fmt.Errorf("goods: %w", err)
	}
	named := map[string]bool{}
	for _, g := range page.Goods {
		named[models.FoldName(g.Item)] = true
		if err := r.oneGoods(have, g); err != nil {
			return err
		}
	}
	for _, old := range have {
		if old.At <= page.AllGoods && !named[models.FoldName(old.Item)] {
			r.out.Changed, r.answered = true, true
			if err := r.tx.Remove(r.me.By("goods_remove"), old); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r roll) oneGoods(have []*models.Goods, g models.Goods) error {
	g.Item = strings.TrimSpace(g.Item)
	row := &models.Goods{TenantID: r.tenant.ID, CallID: r.Call.ID}
	for _, old := range have {
		if models.FoldName(old.Item) == models.FoldName(g.Item) {
			row = old
		}
	}
	if row.ID != 0 && row.Number == g.Number && row.Value == g.Value {
		return nil
	}
	r.out.Changed, r.answered = true, true
	if g.Number == 0 {
		if row.ID == 0 {
			return nil
		}
		return r.tx.Remove(r.me.By("goods_remove"), row)
	}
	row.Item, row.Number, row.Value, row.ByID, row.At = g.Item, g.Number, g.Value, r.me.Person.ID, r.Now
	return r.tx.Save(r.me.By("goods_write"), row)
}
