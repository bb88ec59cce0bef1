-- PostgreSQL. Of lines with a payment, of their discounts, and of invoices with credit memos in one allocation: there the
-- first debits meet the first credits, as far as both reach.
WITH allocated AS (
  SELECT l.C_AllocationLine_ID AS id, h.C_AllocationHdr_ID AS allocation, l.C_Invoice_ID AS invoice, l.C_Payment_ID AS payment,
         CAST(date_part('epoch', h.Updated) AS bigint) AS revision, to_char(h.DateTrx, 'YYYY-MM-DD') AS date,
         CASE WHEN h.DocStatus IN ('CO', 'CL') THEN l.Amount ELSE 0 END AS amount, -- 0: reversed
         CASE WHEN h.DocStatus IN ('CO', 'CL') THEN l.DiscountAmt + l.WriteOffAmt ELSE 0 END AS given, h.DocStatus AS status,
         c.ISO_Code AS currency
  FROM C_AllocationLine l
  JOIN C_AllocationHdr h ON h.C_AllocationHdr_ID = l.C_AllocationHdr_ID
  JOIN C_Invoice i ON i.C_Invoice_ID = l.C_Invoice_ID AND i.IsSOTrx = 'Y'
  JOIN C_Currency c ON c.C_Currency_ID = h.C_Currency_ID
  WHERE h.DocStatus IN ('CO', 'CL', 'RE', 'VO')),
matched AS (
  SELECT allocation, id, invoice, date, revision, currency, amount > 0 AS is_debit,
         SUM(ABS(amount)) OVER (PARTITION BY allocation, amount > 0 ORDER BY id) - ABS(amount) AS begins,
         SUM(ABS(amount)) OVER (PARTITION BY allocation, amount > 0 ORDER BY id) AS ends
  FROM allocated WHERE payment IS NULL AND amount <> 0)
SELECT concat('P', id) AS settlement, revision, concat('I', invoice) AS document, concat('P', payment) AS settling_document,
       date, amount, currency
FROM allocated WHERE payment IS NOT NULL
UNION ALL
SELECT concat('W', id), revision, concat('I', invoice), concat('W', id), date, given, currency
FROM allocated WHERE given > 0 OR status IN ('RE', 'VO')
UNION ALL
SELECT concat('C', d.id, '-', c.id), d.revision, concat('I', d.invoice), concat('I', c.invoice), d.date,
       LEAST(d.ends, c.ends) - GREATEST(d.begins, c.begins), d.currency
FROM matched d
JOIN matched c ON c.allocation = d.allocation AND d.is_debit AND NOT c.is_debit AND c.begins < d.ends AND d.begins < c.ends
