-- PostgreSQL; Odoo 16 and later.
SELECT r.id AS settlement, CAST(date_part('epoch', r.write_date) AS bigint) AS revision, r.debit_move_id AS document,
       r.credit_move_id AS settling_document, r.max_date AS date, r.debit_amount_currency AS amount, c.name AS currency
FROM account_partial_reconcile r
JOIN account_move_line l ON l.id = r.debit_move_id
JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
JOIN res_currency c ON c.id = r.debit_currency_id
WHERE r.debit_currency_id = r.credit_currency_id AND r.debit_amount_currency <> 0
