-- PostgreSQL. Credit memos (ARC) have positive amounts; what was reversed or voided is cancelled, and so is its reversal.
SELECT i.C_BPartner_ID AS customer, to_char(i.DateInvoiced, 'YYYY-MM-DD') AS date,
       CASE t.DocBaseType WHEN 'ARC' THEN -l.LineNetAmt ELSE l.LineNetAmt END AS amount, i.C_Invoice_ID AS document,
       l.C_InvoiceLine_ID AS line, CAST(date_part('epoch', i.Updated) AS bigint) AS revision, NULL AS cancels,
       c.ISO_Code AS currency, l.QtyInvoiced AS quantity, l.M_Product_ID AS product
FROM C_Invoice i
JOIN C_InvoiceLine l ON l.C_Invoice_ID = i.C_Invoice_ID
JOIN C_DocType t ON t.C_DocType_ID = i.C_DocType_ID
JOIN C_Currency c ON c.C_Currency_ID = i.C_Currency_ID
WHERE i.IsSOTrx = 'Y' AND i.DocStatus IN ('CO', 'CL')
UNION ALL
SELECT i.C_BPartner_ID, to_char(i.DateInvoiced, 'YYYY-MM-DD'), NULL, -i.C_Invoice_ID, NULL,
       CAST(date_part('epoch', i.Updated) AS bigint), i.C_Invoice_ID, c.ISO_Code, NULL, NULL
FROM C_Invoice i
JOIN C_Currency c ON c.C_Currency_ID = i.C_Currency_ID
WHERE i.IsSOTrx = 'Y' AND i.DocStatus IN ('RE', 'VO')
