-- PostgreSQL; the sale orders of Odoo 14 and later, and the credit notes of accounting.
SELECT p.commercial_partner_id AS customer,
       to_char(timezone('Asia/Shanghai', timezone('UTC', o.date_order)), 'YYYY-MM-DD') AS date,
       l.price_subtotal AS amount, concat('S', o.id) AS document, l.id AS line,
       CAST(date_part('epoch', o.write_date) AS bigint) AS revision, NULL AS cancels,
       c.name AS currency, l.product_uom_qty AS quantity, l.product_id AS product
FROM sale_order o
JOIN sale_order_line l ON l.order_id = o.id AND l.display_type IS NULL -- no sections and notes
JOIN res_partner p ON p.id = o.partner_id
JOIN res_currency c ON c.id = o.currency_id
WHERE o.state IN ('sale', 'done')
UNION ALL -- a cancelled order, whether it was pushed before or not
SELECT p.commercial_partner_id, to_char(timezone('Asia/Shanghai', timezone('UTC', o.date_order)), 'YYYY-MM-DD'),
       NULL, concat('X', o.id), NULL, CAST(date_part('epoch', o.write_date) AS bigint), concat('S', o.id), c.name, NULL, NULL
FROM sale_order o
JOIN res_partner p ON p.id = o.partner_id
JOIN res_currency c ON c.id = o.currency_id
WHERE o.state = 'cancel'
UNION ALL -- credit notes: they name no order, and so are taken from the latest before them
SELECT p.commercial_partner_id, to_char(m.invoice_date, 'YYYY-MM-DD'), -m.amount_untaxed,
       concat('R', m.id), NULL, CAST(date_part('epoch', m.write_date) AS bigint), NULL, c.name, NULL, NULL
FROM account_move m
JOIN res_partner p ON p.id = m.partner_id
JOIN res_currency c ON c.id = m.currency_id
WHERE m.move_type = 'out_refund' AND m.state = 'posted'
