-- MariaDB; submitted and cancelled sales invoices. A return has negative amounts of its own; what came back of free goods is left
-- out: where nothing else came back with them, the document would be one that cancels without an amount, and with it the whole
-- invoice.
SELECT i.customer, i.posting_date AS date, l.net_amount AS amount, i.name AS document, l.idx AS line,
       i.return_against AS cancels, i.currency, l.qty AS quantity, l.item_code AS product
FROM `tabSales Invoice` i
JOIN `tabSales Invoice Item` l ON l.parent = i.name
WHERE i.docstatus IN (1, 2) AND NOT (i.return_against IS NOT NULL AND l.net_amount = 0)
UNION ALL -- a cancelled invoice, whether it was pushed before or not
SELECT i.customer, i.posting_date, NULL, CONCAT(i.name, '/cancelled'), NULL, i.name, i.currency, NULL, NULL
FROM `tabSales Invoice` i
WHERE i.docstatus = 2
