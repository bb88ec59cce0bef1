-- PostgreSQL; Odoo 16 and later. Each line on a receivable account is a document: an invoice in instalments has several.
SELECT l.id AS document, CAST(date_part('epoch', GREATEST(l.write_date, m.write_date)) AS bigint) AS revision,
       p.commercial_partner_id AS customer,
       CASE WHEN l.amount_currency >= 0
            THEN CASE m.move_type WHEN 'out_invoice' THEN 'invoice' WHEN 'entry' THEN 'refund' ELSE 'debit_note' END
            ELSE CASE m.move_type WHEN 'entry' THEN 'payment' ELSE 'credit_note' END END AS kind,
       CASE m.state WHEN 'posted' THEN ABS(l.amount_currency) ELSE 0 END AS amount, -- 0: cancelled
       c.name AS currency, l.date AS document_date, l.date_maturity AS due_date
FROM account_move_line l
JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
JOIN account_move m ON m.id = l.move_id
JOIN res_partner p ON p.id = l.partner_id
JOIN res_currency c ON c.id = l.currency_id
WHERE m.state IN ('posted', 'cancel') AND l.amount_currency <> 0 -- 0: differences of exchange
